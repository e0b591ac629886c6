import Records

/// The end of the page: earlier decisions, and where the decision is written and signed.
struct SheetFoot {
    let sheet: ReviewSheet
    let annex: SheetAnnex

    var text: String { history + signatures }

    private var history: String {
        guard !annex.decisions.isEmpty else { return "" }
        let items = annex.decisions.map { decision in
            "<li>\(decision.day) \(SheetText.escaped(decision.mapping)) "
                + "<b>\(SheetText.both(decision.title))</b> \(SheetText.escaped(decision.approver))："
                + "\(SheetText.escaped(decision.reason)) <code>\(decision.digest.prefix(16))</code></li>"
        }
        return "<h2>历次审核决定 <small>Decisions so far</small></h2>"
            + "<ul class=\"decisions\">\(items.joined())</ul>"
    }

    private var signatures: String {
        let line = "<span class=\"line\"></span>"
        let command = annex.command.map { command in
            """
            <p class="note">签署用审批人本人的密钥： <small>Sign with the officer's own key:</small>\
            <br><code class="command">\(SheetText.escaped(command))</code></p>
            """
        }
        return """
            <section class="signatures"><h2>审核意见 <small>Decision</small></h2>
            \(command ?? "")
            <p>☐ 批准 <small>approved</small>　☐ 驳回 <small>rejected</small>　\
            有效期至 <small>valid until</small> \(line)</p>
            <p>理由 <small>Reason</small> <span class="line long"></span></p>
            <div class="signers">
            <p>编写人 <small>Author</small> \(line)<br>日期 <small>Date</small> \(line)</p>
            <p>隐私负责人 <small>Privacy officer</small> \(line)<br>\
            部门 <small>Department</small> \(line)<br>日期 <small>Date</small> \(line)<br>\
            \(annex.county.map { SheetText.both($0) } ?? "")（盖章处 <small>seal</small>）</p>
            </div>
            <p class="note">审核人不得是编写人。本表摘要 <small>This sheet</small> \
            <span class="digest">SHA-256 \(sheet.sha256)<br>SM3 \(sheet.sm3)</span></p></section>
            """
    }
}
