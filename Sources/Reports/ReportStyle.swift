// The style of the page: suitable for print, light or dark according to the system's setting.

/// The style sheet.
public enum ReportStyle {
    /// The complete sheet, which starts with the families' colours.
    public static var sheet: String { ":root {\(colours(\.light))}\n\(dark)\n\(families)\n\(rules)" }

    private static func colours(_ shade: KeyPath<FamilyColour, String>) -> String {
        (FamilyColour.all + [.unknown]).map { "--\($0.family): \($0[keyPath: shade]);" }.joined(separator: " ")
    }

    private static var dark: String {
        "@media screen and (prefers-color-scheme: dark) { :root { \(colours(\.dark)) } }"
    }

    private static var families: String {
        (FamilyColour.all + [.unknown]).map { ".\($0.cssClass) { --hue: var(--\($0.family)); }" }.joined(
            separator: "\n")
    }

    private static let rules = """
        :root { --ink: #22211f; --soft: #6d6a65; --line: #dedbd5; --paper: #fffefb; --panel: #f7f5f0; --alarm: #b3261e;
          --hue: var(--other); color-scheme: light; }
        @media screen and (prefers-color-scheme: dark) { :root { --ink: #e9e7e3; --soft: #a09d97; --line: #35332f;
          --paper: #171614; --panel: #1e1d1a; --alarm: #ff8a7a; color-scheme: dark; } }
        * { box-sizing: border-box; }
        body { margin: 0 auto; padding: 2.5rem 2rem 4rem; max-width: 84rem; background: var(--paper); color: var(--ink);
          font: 15px/1.5 system-ui, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", sans-serif;
          font-variant-numeric: tabular-nums; }
        h1 { margin: 0; font-size: 1.9rem; font-weight: 600; letter-spacing: -0.01em; overflow-wrap: anywhere; }
        h2 { margin: 2.6rem 0 0.6rem; font-size: 1.05rem; font-weight: 600; }
        .lead { margin: 0.2rem 0 0; font-size: 1.05rem; }
        .soft, .facts, footer { color: var(--soft); }
        .facts { display: flex; flex-wrap: wrap; gap: 0 1.6rem; margin: 0.5rem 0 0; font-size: 0.86rem; }
        .facts div { display: flex; gap: 0.4rem; } .facts dd { margin: 0; color: var(--ink); overflow-wrap: anywhere; }
        .player { position: sticky; top: 0; z-index: 3; display: flex; align-items: center; gap: 1rem; flex-wrap: wrap;
          margin: 1.4rem 0 0; padding: 0.6rem 0; background: var(--paper); }
        audio { height: 36px; width: 22rem; max-width: 100%; }
        .clock { font-size: 1.25rem; font-weight: 600; min-width: 5.2rem; display: inline-block; }
        .now { margin: 0; flex: 1 1 16rem; min-height: 1.9rem; } .problem { color: var(--alarm); margin: 0; }
        .chip { display: inline-block; margin: 0 0.9rem 0 0; border-bottom: 2px solid var(--hue); line-height: 1.3; }
        .zoom { margin: 0; white-space: nowrap; }
        button { font: inherit; color: inherit; background: none; border: 1px solid var(--line); border-radius: 5px;
          min-width: 2rem; padding: 0.1rem 0.5rem; cursor: pointer; }
        button.seek { border: 0; padding: 0; min-width: 0; text-decoration: underline; text-decoration-color: var(--line);
          text-underline-offset: 3px; }
        button:hover { background: var(--panel); } button.seek:hover { background: none; text-decoration-color: var(--ink); }
        :focus-visible { outline: 2px solid var(--keyboard); outline-offset: 2px; }
        .timeline { display: grid; grid-template-columns: minmax(9rem, max-content) minmax(0, 1fr); margin-top: 0.6rem; }
        .labels { padding-right: 0.9rem; }
        .label { display: flex; align-items: end; justify-content: space-between; gap: 1.2rem; line-height: 1.15;
          padding-bottom: 1px; white-space: nowrap; } .label .soft { font-size: 0.84rem; font-weight: 400; }
        .scroller { overflow-x: auto; overflow-y: hidden; }
        .plot { position: relative; cursor: text; touch-action: pan-x; }
        .lane { display: block; width: 100%; position: relative; border-bottom: 1px solid var(--line); overflow: hidden; }
        .lane.ruler { height: 36px; font-size: 0.78rem; color: var(--soft); overflow: visible; } .label.ruler { height: 36px; }
        .tick { position: absolute; bottom: 1px; padding: 0 4px; } .tick.last { transform: translateX(-100%); }
        .tickline { position: absolute; top: 18px; bottom: 0; width: 1px; background: var(--line); opacity: 0.55; }
        .wave { height: 64px; } .level { height: 36px; } .row { height: 30px; } .attention { height: 110px; }
        .title { height: 34px; font-weight: 600; border-bottom-color: var(--ink); }
        svg.wave .extent { fill: var(--soft); opacity: 0.4; } svg.wave .energy { fill: var(--soft); }
        svg.level path { fill: none; stroke: var(--soft); stroke-width: 1.3; vector-effect: non-scaling-stroke; }
        .label.wave, .label.level, .label.attention { align-items: center; }
        svg.row .idle { fill: var(--soft); opacity: 0.22; } svg.row .on { fill: var(--hue); opacity: 0.5; }
        svg.row .bar { fill: var(--hue); } svg.row .hit { fill: transparent; } svg.row .hit:hover { fill: var(--hue); opacity: 0.15; }
        svg.attention line { stroke: var(--hue); vector-effect: non-scaling-stroke; stroke-width: 3; }
        svg.attention .grid { stroke: var(--line); stroke-width: 1; }
        .cursor { position: absolute; top: 0; bottom: 0; width: 13px; margin-left: -6px; cursor: ew-resize; z-index: 2; }
        .cursor::before { content: ""; position: absolute; left: 6px; top: 0; bottom: 0; width: 1.5px; background: var(--ink); }
        .cursor::after { content: ""; position: absolute; left: 2px; top: 0; border: 5px solid transparent;
          border-top-color: var(--ink); }
        .mark { position: absolute; top: 0; bottom: 0; border-left: 1.5px dashed var(--alarm); z-index: 1; pointer-events: none; }
        .mark b { position: absolute; top: 1px; left: 2px; font-size: 0.72rem; color: var(--alarm); background: var(--paper);
          padding: 0 2px; border-radius: 3px; line-height: 1.25; }
        .gap { position: absolute; top: 36px; bottom: 0; border-left: 1px solid var(--alarm); pointer-events: none; }
        .legend { display: flex; flex-wrap: wrap; gap: 0.1rem 1.2rem; margin: 0.7rem 0 0; font-size: 0.86rem; color: var(--soft); }
        .swatch { display: inline-block; width: 0.75em; height: 0.75em; border-radius: 2px; background: var(--hue); margin-right: 0.45em; }
        table { border-collapse: collapse; width: 100%; font-size: 0.92rem; }
        caption { text-align: left; color: var(--soft); padding-bottom: 0.3rem; }
        th { text-align: left; font-weight: 500; color: var(--soft); border-bottom: 1px solid var(--ink); }
        th, td { padding: 0.22rem 1.1rem 0.22rem 0; vertical-align: baseline; } td { border-bottom: 1px solid var(--line); }
        .n { text-align: right; white-space: nowrap; } td.text { overflow-wrap: anywhere; white-space: pre-wrap; }
        .share { width: 30%; } .share i { display: inline-block; height: 0.6em; background: var(--hue); margin-right: 0.5em;
          border-radius: 1px; }
        details { margin-top: 1.6rem; } summary { cursor: pointer; font-weight: 600; }
        footer { margin-top: 3rem; font-size: 0.84rem; } kbd { border: 1px solid var(--line); border-radius: 3px; padding: 0 0.3em; font: inherit; }
        @media (max-width: 46rem) { body { padding: 1.2rem 0.9rem; } .share { display: none; } .label .soft { display: none; }
          table { display: block; overflow-x: auto; } }
        @media print { body { max-width: none; padding: 0; font-size: 10pt; } .player, .cursor, .keys { display: none; }
          .plot { width: 100% !important; } .scroller { overflow: hidden; } .timeline, tr { break-inside: avoid; }
          svg, .swatch, .share i { print-color-adjust: exact; -webkit-print-color-adjust: exact; } }
        """
}
