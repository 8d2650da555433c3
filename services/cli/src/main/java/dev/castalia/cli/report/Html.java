package dev.castalia.cli.report;

import dev.castalia.cli.gateway.FindingEntry;
import dev.castalia.cli.report.FindingTable.Column;
import dev.castalia.cli.text.Numbers;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The report as one HTML file that needs nothing beside it. */
final class Html {

  private static final String STYLE =
      """
      :root{color-scheme:light dark}
      body{font:16px/1.55 system-ui,"Noto Sans","Noto Sans CJK KR","Apple SD Gothic Neo",\
      "Malgun Gothic",sans-serif;max-width:60rem;margin:2.5rem auto;padding:0 1.2rem;\
      color:#1c1c1e;background:#fff;word-break:keep-all;overflow-wrap:anywhere}
      h1{font-size:1.9rem;margin-bottom:.2rem} h2{margin-top:2.6rem;border-bottom:1px solid #ccc}
      h3{margin:1.6rem 0 .4rem} .by{color:#666;margin-top:0}
      .behind{border-left:.3rem solid #a8322d;padding:.2rem .8rem;font-weight:600}
      section.claim{border:1px solid #ddd;border-radius:10px;padding:.2rem 1.2rem .8rem;margin:1rem 0}
      .standing{display:inline-block;border-radius:99px;padding:.1rem .8rem;font-size:.85rem;color:#fff}
      .AGREE{background:#1b7a4b}.MIXED{background:#8a6100}.DISAGREE{background:#a8322d}
      .SILENT{background:#666}
      h4{margin:.7rem 0 .1rem;font-size:.95rem} ul{margin:.2rem 0 .4rem;padding-left:1.3rem}
      table{border-collapse:collapse;width:100%;font-size:.85rem;margin:.5rem 0}
      th,td{text-align:left;padding:.25rem .5rem;border-bottom:1px solid #e3e3e3;vertical-align:top}
      .wide{overflow-x:auto} th,td{overflow-wrap:break-word}
      td.n,th.n{text-align:right;font-variant-numeric:tabular-nums} td.n{white-space:nowrap}
      figure{margin:1.2rem 0} figcaption{font-weight:600;margin-bottom:.3rem}
      figure p{font-size:.85rem;color:#666;margin:.1rem 0}
      figure{overflow-x:auto} svg{width:100%;min-width:36rem;height:auto} svg text{font-size:12px;fill:#444}
      svg .on{paint-order:stroke;stroke:#fff;stroke-width:4px;stroke-linejoin:round}
      .grid{stroke:#e6e6e6}.reference{stroke:#a8322d;stroke-dasharray:2 3}
      summary{cursor:pointer;color:#355f8d}
      @media(prefers-color-scheme:dark){body{background:#17181a;color:#e8e8ea}
      svg{background:#fff;border-radius:6px}.by,figure p{color:#aaa}
      section.claim{border-color:#444}th,td{border-color:#333}summary{color:#8fb4e8}}
      @media print{figure,section.claim,tr{break-inside:avoid}h2,h3{break-after:avoid}}
      """;

  /** The questions, in the order of the claims. */
  private static final List<String> KINDS =
      List.of(
          "seeds",
          "deduplication",
          "bias-trajectory",
          "acquisition",
          "scaling",
          "continued-training",
          "suspicious");

  /** Rows of a table that are shown at once. */
  private static final int SHOWN = 12;

  private final Report report;
  private final Texts texts;
  private final StringBuilder out = new StringBuilder();

  Html(Report report, Texts texts) {
    this.report = report;
    this.texts = texts;
  }

  String page() {
    out.append(
        "<!DOCTYPE html>\n<html lang=\""
            + texts.language()
            + "\">\n<head><meta charset=\"utf-8\">");
    out.append("<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">");
    element("title", texts.of("title"));
    out.append("<style>" + STYLE + "</style></head>\n<body>\n");
    element("h1", texts.of("title"));
    out.append("<p class=\"by\">" + escaped(report.by(texts)) + "</p>\n");
    report
        .behind(texts)
        .ifPresent(it -> out.append("<p class=\"behind\">" + escaped(it) + "</p>\n"));
    element("p", texts.of("intro"));
    element("h2", texts.of("claims"));
    new Claims(report.findings(), new Directions(report.boards()), texts)
        .all()
        .forEach(this::claim);
    plots();
    findings();
    return out.append("</body></html>\n").toString();
  }

  private void claim(Claim claim) {
    out.append("<section class=\"claim\">");
    element("h3", claim.title());
    out.append(
        "<span class=\"standing %s\">%s</span>"
            .formatted(claim.standing(), escaped(texts.of("standing." + claim.standing()))));
    sentences(texts.of("says"), claim.says());
    sentences(texts.of("cannot"), claim.cannotSay());
    out.append("</section>\n");
  }

  private void sentences(String heading, List<String> sentences) {
    element("h4", heading);
    out.append("<ul>");
    (sentences.isEmpty() ? List.of(texts.of("nothing")) : sentences)
        .forEach(sentence -> element("li", sentence));
    out.append("</ul>");
  }

  private void plots() {
    Map<String, Chart> charts = report.charts(texts);
    if (!charts.isEmpty()) {
      element("h2", texts.of("plots"));
    }
    charts.forEach(
        (title, chart) -> {
          out.append("<figure>");
          element("figcaption", title);
          out.append(chart.svg());
          chart.note(texts).ifPresent(note -> element("p", note));
          out.append("</figure>\n");
        });
  }

  private void findings() {
    element("h2", texts.of("findings"));
    if (report.findings().isEmpty()) {
      element("p", texts.of("findings.none"));
      return;
    }
    element("p", texts.of("findings.about"));
    for (String kind : KINDS) {
      Evidence found = Evidence.of(report.findings(), kind);
      element("h3", texts.of("kind." + kind));
      element("p", texts.of((found.all().isEmpty() ? "none." : "about.") + kind));
      if (!found.all().isEmpty()) {
        FindingTable table = new FindingTable(kind, found.all(), texts);
        element("p", counts(found));
        if (!table.common().isEmpty()) {
          element("p", texts.of("common", table.common()));
        }
        table(table);
        methods(found);
      }
    }
  }

  private String counts(Evidence found) {
    return found.verdicts().entrySet().stream()
        .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
        .map(it -> texts.code("verdict", it.getKey()) + ": " + Numbers.count(it.getValue()))
        .collect(Collectors.joining(" · "));
  }

  private void table(FindingTable table) {
    List<FindingEntry> sorted = table.findings();
    rows(table, sorted.subList(0, Math.min(SHOWN, sorted.size())));
    if (sorted.size() > SHOWN) {
      out.append("<details>");
      element("summary", texts.of("more", sorted.size() - SHOWN));
      rows(table, sorted.subList(SHOWN, sorted.size()));
      out.append("</details>\n");
    }
  }

  private void rows(FindingTable table, List<FindingEntry> found) {
    List<Column> columns = table.columns();
    out.append("<div class=\"wide\"><table><tr>");
    columns.forEach(column -> cell("th", column, column.title()));
    out.append("</tr>\n");
    for (FindingEntry finding : found) {
      out.append("<tr>");
      for (Column column : columns) {
        String text = column.cell().apply(finding);
        cell("td", column, text.isEmpty() ? "–" : text);
      }
      out.append("</tr>\n");
    }
    out.append("</table></div>\n");
  }

  private void methods(Evidence found) {
    String names =
        found.all().stream()
            .map(FindingEntry::method)
            .distinct()
            .sorted()
            .map(it -> texts.code("method", it))
            .collect(Collectors.joining("; "));
    out.append("<p class=\"by\">" + escaped(texts.of("method", names)) + "</p>\n");
  }

  private void cell(String name, Column column, String text) {
    out.append(
        "<%s%s>%s</%s>"
            .formatted(
                name,
                column.isNumber() ? " class=\"n\"" : "",
                escaped(text).replace("_", "_<wbr>"),
                name));
  }

  private void element(String name, String text) {
    out.append("<" + name + ">" + escaped(text) + "</" + name + ">\n");
  }

  /** A number and its per cent sign stay on one line. */
  static String escaped(String text) {
    return text.replace(" %", "\u00a0%")
        .replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
