package dev.castalia.cli.report;

import dev.castalia.cli.gateway.FindingEntry;
import dev.castalia.cli.text.Numbers;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** The report as one HTML file that needs nothing beside it. */
final class Html {

  private static final String STYLE =
      """
      :root{color-scheme:light dark}
      body{font:16px/1.55 system-ui,"Noto Sans","Noto Sans CJK KR","Apple SD Gothic Neo",\
      "Malgun Gothic",sans-serif;max-width:56rem;margin:2.5rem auto;padding:0 1.2rem;\
      color:#1c1c1e;background:#fff;word-break:keep-all;overflow-wrap:anywhere}
      h1{font-size:1.9rem;margin-bottom:.2rem} h2{margin-top:2.6rem;border-bottom:1px solid #ccc}
      h3{margin:1.6rem 0 .4rem} .by{color:#666;margin-top:0}
      section.claim{border:1px solid #ddd;border-radius:10px;padding:.2rem 1.2rem .8rem;margin:1rem 0}
      .standing{display:inline-block;border-radius:99px;padding:.1rem .8rem;font-size:.85rem;color:#fff}
      .AGREE{background:#1b7a4b}.MIXED{background:#8a6100}.DISAGREE{background:#a8322d}
      .SILENT{background:#666}
      h4{margin:.7rem 0 .1rem;font-size:.95rem} ul{margin:.2rem 0 .4rem;padding-left:1.3rem}
      table{border-collapse:collapse;width:100%;font-size:.85rem;margin:.5rem 0}
      th,td{text-align:left;padding:.25rem .5rem;border-bottom:1px solid #e3e3e3;vertical-align:top}
      td.n,th.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
      figure{margin:1.2rem 0} figcaption{font-weight:600;margin-bottom:.3rem}
      svg{width:100%;height:auto} svg text{font-size:12px;fill:#444}
      .grid{stroke:#e6e6e6}.reference{stroke:#a8322d;stroke-dasharray:2 3}
      summary{cursor:pointer;color:#355f8d}
      @media(prefers-color-scheme:dark){body{background:#17181a;color:#e8e8ea}
      svg text{fill:#bbb}.grid{stroke:#333}.by{color:#aaa}section.claim{border-color:#444}
      th,td{border-color:#333}}
      @media print{details>*{display:block}}
      """;

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
    element("h2", texts.of("claims"));
    new Claims(report.findings(), texts).all().forEach(this::claim);
    plots();
    findings();
    methods();
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
          out.append(chart.svg() + "</figure>\n");
        });
  }

  private void findings() {
    element("h2", texts.of("findings"));
    Map<String, List<FindingEntry>> kinds = new LinkedHashMap<>();
    report
        .findings()
        .forEach(it -> kinds.computeIfAbsent(it.kind(), k -> new java.util.ArrayList<>()).add(it));
    if (kinds.isEmpty()) {
      element("p", texts.of("findings.none"));
    }
    kinds.forEach(
        (kind, found) -> {
          element("h3", texts.code("kind", kind));
          out.append("<p>");
          out.append(escaped(counts(found)) + "</p>");
          table(found);
        });
  }

  private String counts(List<FindingEntry> found) {
    Map<String, Long> counts = new TreeMap<>(new Evidence(found).verdicts());
    return String.join(
        " · ",
        counts.entrySet().stream()
            .map(it -> texts.code("verdict", it.getKey()) + " " + it.getValue())
            .toList());
  }

  private void table(List<FindingEntry> found) {
    List<FindingEntry> sorted =
        found.stream()
            .sorted(
                java.util.Comparator.comparing(
                        (FindingEntry it) -> it.verdict().equals(Evidence.NOT_ENOUGH))
                    .thenComparing(it -> it.effect() == null ? 0 : -Math.abs(it.effect())))
            .toList();
    rows(sorted.subList(0, Math.min(SHOWN, sorted.size())));
    if (sorted.size() > SHOWN) {
      out.append("<details>");
      element("summary", texts.of("more", sorted.size()));
      rows(sorted.subList(SHOWN, sorted.size()));
      out.append("</details>");
    }
  }

  private void rows(List<FindingEntry> found) {
    out.append("<table><tr>");
    element("th", texts.of("column.subject"));
    element("th", texts.of("column.verdict"));
    for (String column : List.of("effect", "interval", "evidence")) {
      out.append("<th class=\"n\">" + escaped(texts.of("column." + column)) + "</th>");
    }
    out.append("</tr>\n");
    for (FindingEntry finding : found) {
      out.append("<tr>");
      element("td", finding.subject().replace("|", " · "));
      element("td", texts.code("verdict", finding.verdict()));
      number(finding.effect() == null ? "–" : Numbers.value(finding.effect()));
      number(
          finding.low() == null || finding.high() == null
              ? "–"
              : Numbers.value(finding.low()) + " … " + Numbers.value(finding.high()));
      number(finding.evidence().size() + "/" + finding.expected());
      out.append("</tr>\n");
    }
    out.append("</table>\n");
  }

  private void methods() {
    Map<String, TreeSet<String>> methods = new LinkedHashMap<>();
    report
        .findings()
        .forEach(it -> methods.computeIfAbsent(it.kind(), k -> new TreeSet<>()).add(it.method()));
    if (methods.isEmpty()) {
      return;
    }
    element("h2", texts.of("methods"));
    out.append("<ul>");
    methods.forEach(
        (kind, names) ->
            element(
                "li", texts.of("method.line", texts.code("kind", kind), String.join("; ", names))));
    out.append("</ul>\n");
  }

  private void number(String text) {
    out.append("<td class=\"n\">" + escaped(text) + "</td>");
  }

  private void element(String name, String text) {
    out.append("<" + name + ">" + escaped(text) + "</" + name + ">\n");
  }

  static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
