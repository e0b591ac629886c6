import Foundation
import TestKit
import Testing

/// The files of a hospital that keeps registration, questionnaire and laboratory apart: the same
/// couples in a CSV, a workbook with merged header rows, and results as GBK CSV and as HL7 v2.
struct JoinedFiles {
    let folder: String

    /// - Parameter shared: two persons' samples bear one number, those of the first two wives.
    init(of couples: [CleanCouple], in folder: String, sharingSample shared: Bool = false) throws {
        self.folder = folder
        let input: [String: Any] = [
            "couples": couples.map(\.cells), "folder": folder, "shared": shared,
            "registration": try JoinedFiles.columns("from-registration-csv"),
            "questionnaire": try JoinedFiles.columns("from-questionnaire-xlsx"),
        ]
        let path = folder + "/joined.json"
        try JSONSerialization.data(withJSONObject: input).write(to: URL(fileURLWithPath: path))
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["python3", "-c", JoinedFiles.script, path]
        try process.run()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
    }

    /// The columns that a mapping needs, as its file names them.
    private static func columns(_ mapping: String) throws -> [String] {
        let text = try String(
            contentsOfFile: "\(Project.mappings)/preconception/\(mapping).yaml", encoding: .utf8)
        var names: [String] = []
        for line in text.split(separator: "\n") where !line.contains("optional: true") {
            guard let match = line.firstMatch(of: /field: [\w.]+, from: ([^,}]+)/) else { continue }
            let name = match.1.trimmingCharacters(in: .whitespaces)
            if !names.contains(name) { names.append(name) }
        }
        return names
    }

    private static let script = """
        import csv, json, sys, zipfile
        from xml.sax.saxutils import escape
        given = json.load(open(sys.argv[1], encoding='utf-8'))
        folder, couples = given['folder'] + '/', given['couples']
        persons = [(couple, side) for couple in couples for side in ('女方', '男方')
                   if couple.get(side + '姓名')]

        with open(folder + 'registration.csv', 'w', encoding='utf-8', newline='') as file:
            rows = csv.writer(file)
            rows.writerow(given['registration'])
            for couple in couples:
                rows.writerow([couple.get(name, '') for name in given['registration']])

        # The workbook: groups over names, merged, and beside them who it is.
        names = ['受检人/身份证号', '受检人/姓名', '受检人/性别'] + given['questionnaire']
        groups = [name.split('/')[0] for name in names]
        own = [name.split('/')[1] for name in names]
        def letters(number):
            text = ''
            while number:
                number, rest = divmod(number - 1, 26)
                text = chr(65 + rest) + text
            return text
        merges, first = [], 0
        for place in range(1, len(names) + 1):
            if place == len(names) or groups[place] != groups[first]:
                if place - first > 1:
                    merges.append('%s1:%s1' % (letters(first + 1), letters(place)))
                first = place
        heads = [group if not place or groups[place - 1] != group else ''
                 for place, group in enumerate(groups)]
        table = [heads, own] + [
            [couple.get(side + name, '') if name != '性别' else side[0] for name in own]
            for couple, side in persons]
        def cell(row, column, text):
            return ('<c r="%s%d" t="inlineStr"><is><t>%s</t></is></c>'
                    % (letters(column), row, escape(text))) if text else ''
        sheet = ''.join(
            '<row r="%d">%s</row>' % (row, ''.join(
                cell(row, column, text) for column, text in enumerate(cells, 1)))
            for row, cells in enumerate(table, 1))
        merged = ''.join('<mergeCell ref="%s"/>' % merge for merge in merges)
        main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
        links = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
        package = 'http://schemas.openxmlformats.org/package/2006/relationships'
        def relations(kind, target):
            return ('<Relationships xmlns="%s"><Relationship Id="r" Type="%s/%s" Target="%s"/>'
                    '</Relationships>') % (package, links, kind, target)
        with zipfile.ZipFile(folder + 'questionnaire.xlsx', 'w', zipfile.ZIP_DEFLATED) as archive:
            archive.writestr('_rels/.rels', relations('officeDocument', 'xl/workbook.xml'))
            archive.writestr('xl/_rels/workbook.xml.rels', relations('worksheet', 's.xml'))
            archive.writestr('xl/workbook.xml', '<workbook xmlns="%s" xmlns:r="%s"><sheets><sheet '
                             'name="s" sheetId="1" r:id="r"/></sheets></workbook>' % (main, links))
            archive.writestr('xl/s.xml', '<worksheet xmlns="%s"><sheetData>%s</sheetData>'
                             '<mergeCells count="%d">%s</mergeCells></worksheet>'
                             % (main, sheet, len(merges), merged))

        # The laboratory: an item's code here, and its column in the county's table.
        items = {
            'BD-XSXB': '线索细胞', 'BD-NZJ': '念珠菌', 'BD-DC': '滴虫', 'BD-QJD': '阴道清洁度',
            'LQJ': '淋球菌', 'CT': '沙眼衣原体', 'Hb': '血红蛋白Hb', 'RBC': '红细胞RBC',
            'PLT': '血小板PLT', 'WBC': '白细胞WBC', 'GLU': '血糖', 'TSH': '促甲状腺激素TSH',
            'RV-IGG': '风疹病毒IgG', 'CMV-IGG': '巨细胞病毒IgG', 'CMV-IGM': '巨细胞病毒IgM',
            'TOX-IGG': '弓形体IgG', 'TOX-IGM': '弓形体IgM', 'NCG': '尿常规', 'ABO': 'ABO血型',
            'RHD': 'Rh血型', 'HBsAg': '乙肝表面抗原HBsAg', 'Anti-HBs': '乙肝表面抗体HBsAb',
            'HBEAG': '乙肝e抗原HBeAg', 'HBEAB': '乙肝e抗体HBeAb', 'HBCAB': '乙肝核心抗体HBcAb',
            'GPT': '谷丙转氨酶ALT', 'CREA': '肌酐Cr', 'TP': '梅毒螺旋体',
        }
        # As an analyser of other units writes 5.12 mmol/L, 128 g/L and 58 umol/L.
        other = {'GLU': ('92.2', 'mg/dL'), 'Hb': ('12.8', 'g/dL'), 'CREA': ('0.656', 'mg/dL')}
        units = {'TSH': 'uIU/mL', 'GPT': 'U/L'}
        results = []
        for number, (couple, side) in enumerate(persons):
            if given['shared'] and side == '女方':
                number = 0
            who = (couple[side + '身份证号'], 'S%04d' % number, couple[side + '姓名'])
            def row(code, result, unit, status, at):
                results.append(who + (code, result, unit, status, at))
            if side == '女方':
                # Corrected later, and written earlier.
                row('GLU', '92.2', 'mg/dL', 'C', '201203031000')
            for code, column in items.items():
                text = couple.get(side + column, '')
                if not text:
                    continue
                if code == 'GLU':
                    row(code, '300', 'mg/dL', 'F', '201203030900')
                    continue
                if text == '阴性' and code in ('BD-DC', 'TP'):
                    text = '阴性(0.02)'
                result, unit = other.get(code, (text, units.get(code, '')))
                row(code, result, unit, 'F', '201203030900')
            row('TSH', '99', 'uIU/mL', 'P', '201203031000')
            row('NEU%', '150.5', '%', 'F', '201203030900')
            row('NEU%', '', '', 'D', '201203031000')
            row('BD-ACW', '', '', 'X', '201203031000')
        words = {'F': '已审核', 'C': '已修改', 'P': '未审核', 'D': '作废', 'X': '未做'}
        def day(text):
            return '%s-%s-%s %s:%s' % (text[:4], text[4:6], text[6:8], text[8:10], text[10:])
        with open(folder + 'lis.csv', 'w', encoding='gbk', newline='') as file:
            rows = csv.writer(file)
            rows.writerow(['身份证号', '样本号', '姓名', '项目代码', '结果', '单位', '状态', '采样时间',
                           '报告时间', '检验医师', '审核标志'])
            for number, sample, name, code, result, unit, status, at in results:
                rows.writerow([number, sample, name, code, result, unit, words[status],
                               '2012-03-01 08:00', day(at), '题医五', '是'])
        # A message a person and report, each an order with its results.
        with open(folder + 'lis.hl7', 'w', encoding='utf-8', newline='') as file:
            message, last, count = 0, None, 0
            for number, sample, name, code, result, unit, status, at in results:
                if last != (number, at):
                    last, count, message = (number, at), 0, message + 1
                    order = ['OBR', '1', '', sample, 'PANEL', '', '', '201203010800'] + [''] * 25
                    order[32] = '题医五'
                    file.write('MSH|^~\\\\&|LIS|H|GW|C|%s||ORU^R01|%d|P|2.5.1||||||UNICODE UTF-8\\r'
                               % (at, message))
                    file.write('PID|1||%s||%s\\r' % (number, name))
                    file.write('|'.join(order) + '\\r')
                count += 1
                file.write('OBX|%d|ST|%s||%s|%s|||||%s|||%s\\r'
                           % (count, code, result, unit, status, at))
        """
}
