/// The report's style sheet: one column, the reader's own fonts and colours, and a form for paper.
enum HTMLStyle {
    /// The sheet of a page with pictures in it.
    static let sheet = form + Palette.rules(colors) + SVGStyle.sheet

    private static let form = """
        *{box-sizing:border-box}
        html{color-scheme:light dark;-webkit-text-size-adjust:100%}
        body{margin:0;font:16px/1.6 \(SVGStyle.fonts);font-variant-numeric:tabular-nums}
        main,header,footer{max-width:1120px;margin:0 auto;padding:0 32px}
        header{padding-top:64px;padding-bottom:8px}
        footer{padding-top:24px;padding-bottom:64px;font-size:14px}
        h1{font-size:40px;line-height:1.15;letter-spacing:-.02em;font-weight:650;margin:10px 0 10px}
        h2{font-size:23px;line-height:1.3;letter-spacing:-.01em;font-weight:650;margin:0}
        h3{font-size:13px;font-weight:600;margin:36px 0 10px}
        p{margin:0 0 8px;max-width:74ch}
        a{color:inherit;text-decoration-thickness:1px;text-underline-offset:3px}
        header p{max-width:none}
        .over{font-size:14px;margin:0}
        .lead{font-size:18px}
        .card{border:1px solid;border-radius:14px;padding:34px 38px 38px;margin:28px 0}
        .head{display:flex;align-items:baseline;gap:16px;justify-content:space-between;flex-wrap:wrap}
        h2+.scroll,h2+.configurations{margin-top:14px}
        .settings th{width:220px}
        .head+p{margin-top:12px}
        .badge{display:inline-block;font-size:13px;font-weight:650;line-height:1.2;padding:6px 13px}
        .badge{border-radius:99px;white-space:nowrap}
        .reason{font-weight:450;padding-left:6px;white-space:normal}
        .expected{border-left:3px solid;padding-left:14px;margin:14px 0 0}
        figure{margin:26px 0 0;overflow-x:auto}
        h3+figure{margin-top:4px}
        figure svg{display:block;min-width:760px;height:auto}
        dl.numbers{display:grid;gap:20px 28px;margin:30px 0 0}
        dl.numbers{grid-template-columns:repeat(auto-fit,minmax(168px,1fr))}
        dl.numbers div{border-top:1px solid;padding-top:10px}
        dt{font-size:13px}
        dd{margin:0;font-size:21px;font-weight:600;letter-spacing:-.01em;line-height:1.4}
        dd small{display:block;font-size:13px;font-weight:400;letter-spacing:0;line-height:1.45}
        .scroll{overflow-x:auto}
        table{border-collapse:collapse;width:100%;font-size:15px;line-height:1.45}
        th{font-size:13px;font-weight:500;text-align:left}
        th,td{padding:9px 18px 9px 0;border-bottom:1px solid;vertical-align:baseline}
        th:last-child,td:last-child{padding-right:0}
        .number{text-align:right;white-space:nowrap}
        .word{width:1%;font-weight:650;font-size:13px;white-space:nowrap}
        .bar{width:22%;min-width:110px}
        .bar svg{display:block;width:100%;height:10px}
        ul{margin:0;padding-left:20px}
        .configurations{display:grid;gap:28px}
        .configurations{grid-template-columns:repeat(auto-fit,minmax(min(420px,100%),1fr))}
        .configurations>div{min-width:0}
        .configurations h3{margin-top:20px}
        pre{margin:0;font:12.5px/1.55 ui-monospace,"SF Mono",Menlo,Consolas,"DejaVu Sans Mono",monospace}
        pre{overflow-x:auto;padding:18px 20px;border-radius:10px;tab-size:4}
        code{font:13px ui-monospace,"SF Mono",Menlo,Consolas,"DejaVu Sans Mono",monospace}
        code{overflow-wrap:anywhere}
        @media (max-width:640px){main,header,footer{padding-left:16px;padding-right:16px}
        .card{padding:24px 20px}h1{font-size:32px}.bar{display:none}}
        @media print{@page{margin:14mm}html body{background:none}
        html{-webkit-print-color-adjust:exact;print-color-adjust:exact}
        body{font-size:11pt}header{padding-top:0}
        main,header,footer{max-width:none;padding-left:0;padding-right:0}
        .card{border:0;padding:0;margin:26pt 0}h2,h3{break-after:avoid}
        figure,tr,dl.numbers,.expected{break-inside:avoid}figure svg{min-width:0}
        pre{white-space:pre-wrap;overflow-wrap:anywhere}.scroll,figure{overflow:visible}}

        """

    private static let colors: [(selector: String, property: String, color: Palette)] = [
        ("body", "background", .page), ("body", "color", .ink),
        (".card", "background", .card), (".card,th,td,dl.numbers div", "border-color", .rule),
        (".quiet,th,dt,dd small,h3,.over", "color", .muted), (".expected", "border-color", .edge),
        ("pre", "background", .faint),
        (".badge.pass", "background", .passTint), (".pass", "color", .pass),
        (".badge.fail", "background", .failTint), (".fail", "color", .fail),
        (".badge.skip", "background", .skipTint), (".skip", "color", .skip),
        (".badge.stuck", "background", .stuckTint), (".stuck", "color", .stuck),
    ]
}
