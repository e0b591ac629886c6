/// How the review sheet looks, on the screen and on A4 paper.
enum SheetStyle {
    static let text = """
        @page { size: A4 landscape; margin: 12mm 12mm 14mm; }
        * { box-sizing: border-box; }
        body { font: 13px/1.5 "Noto Sans CJK SC", "Source Han Sans SC", "Microsoft YaHei",
          "PingFang SC", sans-serif; color: #1b2430; max-width: 1240px; margin: 24px auto;
          padding: 0 20px; }
        small { color: #5d6b7a; font-size: 85%; font-weight: normal; }
        code { font: 11px "Noto Sans Mono", Consolas, monospace; color: #44546a;
          overflow-wrap: anywhere; }
        h1 { font-size: 24px; margin: 0; }
        h2 { font-size: 16px; margin: 26px 0 8px; border-left: 4px solid #1f5fa8;
          padding-left: 8px; break-after: avoid; }
        .name { font-size: 15px; margin: 4px 0 12px; }
        .facts { display: grid; grid-template-columns: 1fr 1fr; border: 1px solid #c9d2dc;
          margin: 0; }
        .facts div { display: flex; border-bottom: 1px solid #e4e9ef; }
        .facts .wide { grid-column: 1 / -1; }
        .facts dt { flex: 0 0 130px; background: #f3f6f9; padding: 5px 8px; font-weight: 600; }
        .facts dd { margin: 0; padding: 5px 8px; }
        .digest { font: 11px/1.6 "Noto Sans Mono", Consolas, monospace; overflow-wrap: anywhere; }
        .counts { display: flex; flex-wrap: wrap; gap: 8px; list-style: none; padding: 0;
          margin: 14px 0 0; }
        .counts li { flex: 1; border: 1px solid #c9d2dc; padding: 6px 10px; white-space: nowrap; }
        .counts b { font-size: 20px; margin-right: 4px; }
        .counts small { display: block; }
        .findings, .changes { padding-left: 20px; margin: 6px 0; }
        .findings li { color: #7a4a00; margin-bottom: 6px; }
        .findings li.mend { color: #a01818; }
        .mark { border: 1px solid currentColor; border-radius: 3px; padding: 0 4px; }
        .risks { padding-left: 20px; margin: 6px 0; }
        .level { display: block; white-space: nowrap; }
        .findings .next { color: #1b2430; }
        .good, .better { color: #1c6b3c; }
        .worse { color: #a01818; }
        .changes { list-style: none; padding-left: 4px; }
        .changes b { display: inline-block; width: 16px; }
        table { border-collapse: collapse; width: 100%; table-layout: fixed; }
        thead { display: table-header-group; }
        tr { break-inside: avoid; }
        th, td { border: 1px solid #d5dce4; padding: 4px 6px; text-align: left;
          vertical-align: top; overflow-wrap: anywhere; }
        thead th { background: #1f5fa8; color: #fff; font-weight: 600; }
        thead th small { display: block; color: #dbe8f6; }
        thead th:nth-child(1) { width: 5.5%; }
        thead th:nth-child(2) { width: 12%; }
        thead th:nth-child(3) { width: 22%; }
        thead th:nth-child(4) { width: 4.5%; }
        thead th:nth-child(5) { width: 7%; }
        thead th:nth-child(6) { width: 9%; }
        thead th:nth-child(7) { width: 23%; }
        .place th { background: #e8eef5; font-weight: 600; break-after: avoid; }
        .domain, .why { display: block; }
        td code { margin-left: 4px; }
        .domain { color: #5d6b7a; font-size: 85%; }
        .class { border: 1px solid #8a97a6; border-radius: 3px; padding: 0 4px; font-size: 11px; }
        .encrypt { background: #e6f3ea; }
        .month { background: #eef6df; }
        .keep { background: #fff7e0; }
        .drop { background: #eef0f2; }
        .free td { color: #c00000; }
        .free small, .free code { color: #c00000; }
        .example { font-size: 12px; }
        .chips { list-style: none; padding: 0; margin: 0; display: flex; flex-wrap: wrap;
          gap: 4px; }
        .chips li { border: 1px solid #c9d2dc; border-radius: 3px; padding: 1px 6px; }
        .chips .alert, .counts .alert { border-color: #d9822b; background: #fff3e6; }
        .note { color: #5d6b7a; font-size: 12px; margin: 6px 0 0; }
        .signatures { break-inside: avoid; margin-top: 20px; }
        .signers { display: grid; grid-template-columns: 1fr 1fr; gap: 24px; line-height: 2.4; }
        .line { display: inline-block; width: 190px; border-bottom: 1px solid #1b2430;
          height: 1.2em; }
        .line.long { width: 70%; }
        @media print {
          body { margin: 0; padding: 0; max-width: none; font-size: 10px; }
          body { line-height: 1.35; }
          th, td { padding: 2px 4px; }
          code, .class, .example, .note, .digest { font-size: 8.5px; }
          h1 { font-size: 18px; }
          h2 { font-size: 13px; margin-top: 16px; }
          * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
        }
        """
}
