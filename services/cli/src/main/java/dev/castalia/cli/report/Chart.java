package dev.castalia.cli.report;

import dev.castalia.cli.text.Numbers;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;

/** Lines over a logarithmic x axis, as an SVG that stands in an HTML page by itself. */
final class Chart {

  private static final int WIDTH = 760;
  private static final int HEIGHT = 360;
  private static final int LEFT = 62;
  private static final int LEAST_RIGHT = 120;

  /** How wide a letter of a name is, about. */
  private static final double LETTER = 7.2;

  private static final int TOP = 14;

  /** From the plot to the names of its lines, and from one of them to the next. */
  private static final int NAMES_AT = 44;

  private static final int ROW = 18;
  private static final int BOTTOM = 46;

  /** More lines than this have no bands: nobody could tell them apart. */
  private static final int MOST_BANDS = 6;

  /** More names than this do not fit. */
  private static final int MOST_NAMES = 18;

  /** Where zero stands on a logarithmic axis. */
  private static final double ZERO = 0.5;

  /** From light to dark, told apart in grey as well. */
  private static final String[] COLOURS = {
    "#7ad151", "#35b779", "#22a884", "#21918c", "#2a788e", "#355f8d", "#414487", "#440154"
  };

  /**
   * @param x 0 or more
   * @param low lower end of the value's interval; the value itself where it has none
   */
  record Point(double x, double y, double low, double high) {}

  /**
   * @param dashed to set one kind of line apart from another
   * @param shade from 0 to 1: where its colour is on the scale
   */
  record Line(String name, List<Point> points, boolean dashed, double shade) {}

  private final List<Line> lines;
  private final String xLabel;
  private final String yLabel;
  private final int right;
  private final Double reference;
  private final String referenceLabel;
  private double xMin = Double.MAX_VALUE;
  private double xMax = -Double.MAX_VALUE;
  private double yMin = Double.MAX_VALUE;
  private double yMax = -Double.MAX_VALUE;

  /**
   * @param reference a level to draw across, or null
   */
  Chart(List<Line> lines, String xLabel, String yLabel, Double reference, String referenceLabel) {
    this.lines = lines;
    this.xLabel = xLabel;
    this.yLabel = yLabel;
    int longest = lines.stream().mapToInt(it -> it.name().length()).max().orElse(0);
    this.right = Math.max(LEAST_RIGHT, NAMES_AT + (int) (longest * LETTER));
    this.reference = reference;
    this.referenceLabel = referenceLabel;
    for (Line line : lines) {
      for (Point point : line.points()) {
        double x = log(point.x());
        xMin = Math.min(xMin, x);
        xMax = Math.max(xMax, x);
        yMin = Math.min(yMin, hasBands() ? point.low() : point.y());
        yMax = Math.max(yMax, hasBands() ? point.high() : point.y());
      }
    }
    if (reference != null) {
      yMin = Math.min(yMin, reference);
      yMax = Math.max(yMax, reference);
    }
    double margin = Math.max(1e-9, (yMax - yMin) * 0.06);
    yMin -= margin;
    yMax += margin;
    xMax = Math.max(xMax, xMin + 1e-9);
  }

  String svg() {
    StringBuilder svg = new StringBuilder();
    svg.append(
        "<svg viewBox=\"0 0 %d %d\" role=\"img\" xmlns=\"http://www.w3.org/2000/svg\">"
            .formatted(WIDTH, HEIGHT));
    yAxis(svg);
    xAxis(svg);
    if (hasBands()) {
      lines.forEach(line -> band(svg, line));
    }
    lines.forEach(line -> line(svg, line));
    if (reference != null) {
      svg.append(
          format(
              "<line class=\"reference\" x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\"/>",
              LEFT, WIDTH - right, y(reference), y(reference)));
      svg.append(
          format(
              "<text class=\"on\" x=\"%d\" y=\"%.1f\">%s</text>",
              LEFT + 6, y(reference) - 5, Html.escaped(referenceLabel)));
    }
    legend(svg);
    return svg.append("</svg>").toString();
  }

  private boolean hasBands() {
    return lines.size() <= MOST_BANDS;
  }

  /** What is to be said of its intervals; empty where no point has one. */
  Optional<String> note(Texts texts) {
    double[] reaches =
        lines.stream()
            .flatMap(it -> it.points().stream())
            .mapToDouble(it -> (it.high() - it.low()) / 2)
            .filter(it -> it > 0)
            .sorted()
            .toArray();
    if (reaches.length == 0) {
      return Optional.empty();
    }
    return Optional.of(
        hasBands()
            ? texts.of("plot.bands")
            : texts.of("plot.no-bands", Numbers.value(reaches[reaches.length / 2])));
  }

  private void yAxis(StringBuilder svg) {
    double step = niceStep((yMax - yMin) / 5);
    for (double at = Math.ceil(yMin / step) * step; at <= yMax; at += step) {
      svg.append(
          format(
              "<line class=\"grid\" x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\"/>",
              LEFT, WIDTH - right, y(at), y(at)));
      text(svg, LEFT - 8, y(at) + 4, "end", shortened(Math.round(at / step) * step));
    }
  }

  private static double niceStep(double rough) {
    double unit = Math.pow(10, Math.floor(Math.log10(rough)));
    double multiple = rough / unit;
    return unit * (multiple <= 1 ? 1 : multiple <= 2 ? 2 : multiple <= 5 ? 5 : 10);
  }

  private void xAxis(StringBuilder svg) {
    int bottom = HEIGHT - BOTTOM;
    TreeSet<Double> ticks = new TreeSet<>();
    boolean isNarrow = xMax - xMin < 2;
    for (int power = 0; power <= 13; power++) {
      for (int multiple : isNarrow ? new int[] {1, 2, 5} : new int[] {1}) {
        ticks.add(multiple * Math.pow(10, power));
      }
    }
    boolean zero = lines.stream().flatMap(it -> it.points().stream()).anyMatch(it -> it.x() == 0);
    if (zero) {
      ticks.add(0.0);
    }
    for (double tick : ticks) {
      double at = log(tick);
      if (at >= xMin - 1e-9 && at <= xMax + 1e-9) {
        svg.append(
            format(
                "<line class=\"grid\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%d\" y2=\"%d\"/>",
                x(tick), x(tick), TOP, bottom));
        text(svg, x(tick), bottom + 18, "middle", amount(tick));
      }
    }
    text(svg, (LEFT + WIDTH - right) / 2.0, HEIGHT - 8, "middle", xLabel);
    svg.append(
        format(
            "<text transform=\"translate(14 %.1f) rotate(-90)\" text-anchor=\"middle\">%s</text>",
            (TOP + bottom) / 2.0, Html.escaped(yLabel)));
  }

  private void band(StringBuilder svg, Line line) {
    if (line.points().stream().allMatch(it -> it.low() == it.high())) {
      return;
    }
    List<String> corners = new ArrayList<>();
    line.points().forEach(it -> corners.add(format("%.1f,%.1f", x(it.x()), y(it.high()))));
    line.points()
        .reversed()
        .forEach(it -> corners.add(format("%.1f,%.1f", x(it.x()), y(it.low()))));
    svg.append(
        "<polygon points=\"%s\" fill=\"%s\" opacity=\"0.07\"/>"
            .formatted(String.join(" ", corners), colour(line)));
  }

  private void line(StringBuilder svg, Line line) {
    List<String> corners =
        line.points().stream().map(it -> format("%.1f,%.1f", x(it.x()), y(it.y()))).toList();
    svg.append(
        "<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"1.8\"%s/>"
            .formatted(
                String.join(" ", corners),
                colour(line),
                line.dashed() ? " stroke-dasharray=\"5 3\"" : ""));
    if (line.points().size() < 12) {
      line.points()
          .forEach(
              it ->
                  svg.append(
                      format(
                          "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"2.6\" fill=\"%s\"/>",
                          x(it.x()), y(it.y()), colour(line))));
    }
  }

  private void legend(StringBuilder svg) {
    int named = lines.size() <= MOST_NAMES ? lines.size() : MOST_NAMES - 1;
    for (int i = 0; i < named; i++) {
      int at = TOP + 8 + i * ROW;
      svg.append(
          "<line x1=\"%d\" x2=\"%d\" y1=\"%d\" y2=\"%d\" stroke=\"%s\" stroke-width=\"2.4\"%s/>"
              .formatted(
                  WIDTH - right + 14,
                  WIDTH - right + 38,
                  at,
                  at,
                  colour(lines.get(i)),
                  lines.get(i).dashed() ? " stroke-dasharray=\"5 3\"" : ""));
      text(svg, WIDTH - right + NAMES_AT, at + 4, "start", lines.get(i).name());
    }
    if (named < lines.size()) {
      text(
          svg,
          WIDTH - right + NAMES_AT,
          TOP + 12 + named * ROW,
          "start",
          "… + " + (lines.size() - named));
    }
  }

  private static void text(StringBuilder svg, double x, double y, String anchor, String text) {
    svg.append(
        format("<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">", x, y, anchor)
            + Html.escaped(text)
            + "</text>");
  }

  private static String colour(Line line) {
    return COLOURS[(int) Math.round(line.shade() * (COLOURS.length - 1))];
  }

  private double x(double value) {
    return LEFT + (log(value) - xMin) / (xMax - xMin) * (WIDTH - LEFT - right);
  }

  private double y(double value) {
    return TOP + (yMax - value) / (yMax - yMin) * (HEIGHT - TOP - BOTTOM);
  }

  private static double log(double value) {
    return Math.log10(Math.max(ZERO, value));
  }

  private static String amount(double value) {
    return value >= 1e9
        ? format("%.0fB", value / 1e9)
        : value >= 1e6 ? format("%.0fM", value / 1e6) : format("%,.0f", value);
  }

  private static String shortened(double value) {
    String text = format("%.4f", value);
    return text.contains(".") ? text.replaceAll("0+$", "").replaceAll("\\.$", "") : text;
  }

  private static String format(String form, Object... values) {
    return String.format(Locale.ROOT, form, values);
  }
}
