#!/usr/bin/env python3
"""Makes the files beside this script with the tools that clinics' systems are built with.

    python3 -m venv v && v/bin/pip install openpyxl==3.1.5 hl7==0.4.5
    v/bin/python make.py            # needs soffice (LibreOffice) and sqlite3 on the path

All of them hold the same table; `ReadAlikeTests` holds the readers to that. The people are
invented: ID numbers begin with 99, phones with 120.
"""

import csv
import datetime as dt
import os
import sqlite3
import subprocess
import sys
import tempfile
import zipfile

import hl7
import openpyxl
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Font

HERE = os.path.dirname(os.path.abspath(__file__))
HEADER = ["档案编号", "女方姓名", "女方身份证号", "检查日期", "采样时间", "TSH", "是否告知", "备注"]
ROWS = [
    ["A001", "测试甲", "990101198603150022", dt.date(2016, 3, 1),
     dt.datetime(2016, 3, 1, 9, 30), 2.13, True, '引号"与,逗号'],
    ["A002", "样例·乙", "990101198811200024", dt.date(1900, 3, 1),
     dt.datetime(2016, 12, 31, 23, 59), 0.1, False, "两行\n文字"],
    ["A003", "䶮堃", "990101199002290035", dt.date(2000, 2, 29),
     dt.datetime(2000, 2, 29, 0, 1), 110, True, None],
    ["A004", "〇喆", "990101199212010048", dt.date(2016, 3, 31),
     dt.datetime(2016, 3, 31, 8, 0), 0.30000000000000004, False, "  前后有空格  "],
]


def texts(row):
    """A row as a careful person would write it by hand."""
    def text(value):
        if value is None:
            return ""
        if isinstance(value, bool):
            return "TRUE" if value else "FALSE"
        if isinstance(value, dt.datetime):
            return value.strftime("%Y-%m-%d %H:%M")
        if isinstance(value, dt.date):
            return f"{value.year:04}-{value.month:02}-{value.day:02}"
        if isinstance(value, float):
            return f"{value:.15g}"
        return str(value)
    return [text(value) for value in row]


def path(name):
    return os.path.join(HERE, name)


def by_openpyxl(name, epoch_1904=False, day='yyyy"年"m"月"d"日";@', minute="yyyy/m/d\\ h:mm"):
    book = openpyxl.Workbook()
    if epoch_1904:
        book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    sheet = book.active
    sheet.title = "结果"
    sheet.append(HEADER)
    for row in ROWS:
        # A day before 1904 has no number in the other calendar.
        sheet.append([str(v) if epoch_1904 and v == dt.date(1900, 3, 1) else v for v in row])
    for cell in sheet["E"][1:]:
        cell.number_format = minute
    for cell in sheet["D"][1:]:
        if cell.data_type != "s":
            cell.number_format = day
    sheet["B2"] = CellRichText("测", TextBlock(InlineFont(b=True), "试"), "甲")
    sheet["A2"].font = Font(bold=True)
    book.save(path(name))


def by_openpyxl_odd(name):
    """What stands in real workbooks beside a plain table."""
    book = openpyxl.Workbook()
    book.active.title = "说明"
    book.active["A1"] = "不是数据"
    sheet = book.create_sheet("表 2")
    sheet["A1"] = "某县孕前检查问卷"
    sheet.merge_cells("A1:F1")
    sheet["A3"] = "编号"
    sheet.merge_cells("A3:A4")
    sheet["B3"] = "女方"
    sheet.merge_cells("B3:C3")
    sheet["D3"] = "男方"
    sheet.merge_cells("D3:E3")
    sheet["F3"] = "备注"
    sheet["B4"], sheet["C4"], sheet["D4"], sheet["E4"] = "姓名", "年龄", "姓名", "年龄"
    sheet.append(["1", "测甲", 30, "测乙", 31, "=1+1"])
    sheet.append(["2", "样丙", "#N/A", "样丁", 33, None])
    sheet["C6"].data_type = "e"
    sheet.append([])
    sheet.append(["3", "测戊", 28, "测己", 29, None])
    sheet.row_dimensions[8].hidden = True
    sheet.append(["4", "测庚", dt.timedelta(hours=30), "测辛", dt.time(8, 5), None])
    sheet.append(["5", "测壬", 990101198603150022, "测癸", 9.9010119860315e17, None])
    sheet.merge_cells("F8:F9")
    for row in range(11, 40):
        sheet.cell(row, 1).font = Font(bold=True)
    book.save(path(name))


def by_libreoffice():
    with tempfile.TemporaryDirectory() as folder:
        source = os.path.join(folder, "libreoffice.xlsx")
        with open(path("openpyxl.xlsx"), "rb") as given, open(source, "wb") as taken:
            taken.write(given.read())
        out = os.path.join(folder, "out")
        profile = f"-env:UserInstallation=file://{folder}/profile"

        def convert(form, infile):
            subprocess.run(["soffice", profile, "--headless", "--convert-to", form, "--outdir",
                            out, infile], check=True, stdout=subprocess.DEVNULL)

        convert("ods", source)
        ods = os.path.join(out, "libreoffice.ods")
        convert("xlsx:Calc MS Excel 2007 XML", ods)
        os.replace(os.path.join(out, "libreoffice.xlsx"), path("libreoffice.xlsx"))
        plain = os.path.join(folder, "libreoffice.xlsx")
        by_openpyxl(plain, day="yyyy-mm-dd", minute="yyyy-mm-dd hh:mm")
        # 44 comma, 34 quote, 76 UTF-8, from line 1, cells as they are shown.
        convert("csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false", plain)
        os.replace(os.path.join(out, "libreoffice.csv"), path("libreoffice.csv"))
        convert("xls:MS Excel 97", ods)
        os.replace(os.path.join(out, "libreoffice.xls"), path("libreoffice.xls"))


def escaped(text):
    return (text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
            .replace("\n", "&#10;"))


def wps_like():
    """As WPS and reporting servers write: no shared strings, parts in another order, a prefix."""
    def serial(value):
        delta = value - dt.datetime(1899, 12, 30)
        return f"{delta.days + delta.seconds / 86400:.15g}"

    def cell(place, value):
        if value is None:
            return ""
        if isinstance(value, bool):
            return f'<x:c r="{place}" t="b"><x:v>{int(value)}</x:v></x:c>'
        if isinstance(value, dt.datetime):
            return f'<x:c r="{place}" s="2"><x:v>{serial(value)}</x:v></x:c>'
        if isinstance(value, dt.date):
            day = dt.datetime(value.year, value.month, value.day)
            return f'<x:c s="1" r="{place}"><x:v>{serial(day)}</x:v></x:c>'
        if isinstance(value, (int, float)):
            # Excel and its like write seventeen digits.
            return f'<x:c r="{place}"><x:v>{value:.17g}</x:v></x:c>'
        return (f'<x:c r="{place}" t="inlineStr"><x:is><x:t xml:space="preserve">{escaped(value)}'
                "</x:t></x:is></x:c>")

    rows = "".join(
        f'<x:row r="{number}" spans="1:8">'
        + "".join(cell(f"{chr(65 + at)}{number}", value) for at, value in enumerate(row))
        + "</x:row>"
        for number, row in enumerate([HEADER] + ROWS, 1))
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    links = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    head = '<?xml version="1.0" encoding="utf-8" standalone="yes"?>\r\n'
    parts = [
        ("xl/worksheets/Sheet1.xml", f'{head}<x:worksheet xmlns:x="{main}"><x:cols><x:col min="1" '
         f'max="8" width="12"/></x:cols><x:sheetData>{rows}</x:sheetData></x:worksheet>'),
        ("xl/styles.xml", f'{head}<styleSheet xmlns="{main}"><cellXfs count="3"><xf numFmtId="0"/>'
         '<xf numFmtId="31" applyNumberFormat="1"/><xf numFmtId="22"/></cellXfs></styleSheet>'),
        ("xl/workbook.xml", f'{head}<workbook xmlns="{main}" xmlns:r="{links}"><sheets><sheet '
         'name="Sheet1" sheetId="7" r:id="rId9"/></sheets></workbook>'),
        ("xl/_rels/workbook.xml.rels", f'{head}<Relationships xmlns="{package}/relationships">'
         f'<Relationship Id="rId9" Type="{links}/worksheet" Target="/xl/worksheets/sheet1.xml"/>'
         f'<Relationship Id="rId2" Type="{links}/styles" Target="styles.xml"/></Relationships>'),
        ("_rels/.rels", f'{head}<Relationships xmlns="{package}/relationships"><Relationship '
         f'Id="rId1" Type="{links}/officeDocument" Target="xl/workbook.xml"/></Relationships>'),
        ("[Content_Types].xml", f'{head}<Types xmlns="{package}/content-types"><Default '
         'Extension="xml" ContentType="application/xml"/></Types>'),
    ]
    with zipfile.ZipFile(path("wps-like.xlsx"), "w") as archive:
        for number, (name, text) in enumerate(parts):
            entry = zipfile.ZipInfo(name, (2016, 3, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_STORED if number == 2 else zipfile.ZIP_DEFLATED
            archive.writestr(entry, text)


def by_python_csv():
    with open(path("python.csv"), "w", encoding="gb18030", newline="") as file:
        csv.writer(file).writerows([HEADER] + [texts(row) for row in ROWS])


def by_sqlite():
    with tempfile.TemporaryDirectory() as folder:
        database = os.path.join(folder, "lis.db")
        with sqlite3.connect(database) as connection:
            columns = ", ".join(f'"{name}" TEXT' for name in HEADER)
            connection.execute(f"CREATE TABLE results ({columns})")
            marks = ", ".join("?" * len(HEADER))
            connection.executemany(
                f"INSERT INTO results VALUES ({marks})", [texts(row) for row in ROWS])
        done = subprocess.run(
            ["sqlite3", "-header", "-csv", database, "SELECT * FROM results"], check=True,
            capture_output=True)
        with open(path("sqlite.csv"), "wb") as file:
            file.write(done.stdout)


def by_python_hl7():
    def message(number, control, kind="ORU^R01"):
        row = texts(ROWS[number])
        message = hl7.parse("\r".join([
            f"MSH|^~\\&|LIS|990101FY|GW|NFPC|20160330101500||{kind}|{control}|P|2.4|||||CHN|"
            "UNICODE UTF-8",
            "PID|1||x^^^^ID||x^^||19860315|F",
            f"OBR|1||S000{number + 1}|TSH^促甲状腺激素|||20160330080000",
            "OBX|1|NM|TSH||x|uIU/mL|0.44-3.45|N|||F|||20160330093000",
            "OBX|2|ST|HBSAG^乙肝表面抗原||x||阴性|N|||F",
        ]) + "\r")
        message.assign_field(row[2], "PID", 1, 3, 1, 1)
        message.assign_field(row[1], "PID", 1, 5, 1, 1)
        message.assign_field(row[5], "OBX", 1, 5)
        # The library writes Chinese as code points, which HL7 does not know.
        message.assign_field("阴性(-) " + message.escape("<0.02|^&~\\"), "OBX", 2, 5)
        return str(message)

    with open(path("python-hl7.hl7"), "w", encoding="utf-8", newline="") as file:
        for number in range(len(ROWS)):
            file.write(message(number, f"M000{number + 1}"))
        file.write(message(0, "M0009", kind="ADT^A08"))


def main():
    by_openpyxl("openpyxl.xlsx")
    by_openpyxl("openpyxl-1904.xlsx", epoch_1904=True)
    by_openpyxl_odd("openpyxl-odd.xlsx")
    wps_like()
    by_python_csv()
    by_sqlite()
    by_python_hl7()
    by_libreoffice()
    with open(path("expected.csv"), "w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([HEADER] + [texts(row) for row in ROWS])


if __name__ == "__main__":
    sys.exit(main())
