package io.steelyard.server.simulate;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Lines over time, as SVG that takes its colours from the page. */
final class LineChart {
  private static final int WIDTH = 760;
  private static final int HEIGHT = 240;
  private static final int LEFT = 56;
  private static final int RIGHT = 12;
  private static final int TOP = 26;
  private static final int BOTTOM = 30;

  private record Line(String name, int colour, List<Double> values) {}

  private record Moment(double seconds, String what) {}

  private final String title;
  private final double sliceSeconds;
  private final List<Line> lines = new ArrayList<>();
  private final List<Moment> moments = new ArrayList<>();

  /**
   * An empty chart.
   *
   * @param title what the values are, with their unit
   * @param sliceSeconds the time from one value to the next
   */
  LineChart(String title, double sliceSeconds) {
    this.title = title;
    this.sliceSeconds = sliceSeconds;
  }

  /** Adds a line; NaN leaves a gap. */
  LineChart line(String name, int colour, List<Double> values) {
    lines.add(new Line(name, colour, List.copyOf(values)));
    return this;
  }

  /** Marks a moment at which something happened. */
  LineChart moment(double seconds, String what) {
    moments.add(new Moment(seconds, what));
    return this;
  }

  String svg() {
    var time = Scale.until(sliceSeconds * slices());
    var value = Scale.to(largest());
    var svg = new StringBuilder();
    svg.append(
        "<figure><svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">\n"
            .formatted(WIDTH, HEIGHT, Markup.escape(title)));
    svg.append(
        "<text class=\"title\" x=\"0\" y=\"14\">%s</text>\n".formatted(Markup.escape(title)));
    axes(svg, time, value);
    moments.forEach(moment -> moment(svg, moment, time));
    lines.forEach(line -> line(svg, line, time, value));
    return svg.append("</svg>\n").append(legend()).append("</figure>\n").toString();
  }

  private int slices() {
    return lines.stream().mapToInt(line -> line.values().size()).max().orElse(1);
  }

  private double largest() {
    return lines.stream()
        .flatMap(line -> line.values().stream())
        .filter(Double::isFinite)
        .mapToDouble(Double::doubleValue)
        .max()
        .orElse(1);
  }

  private static double x(double seconds, Scale time) {
    return LEFT + (WIDTH - LEFT - RIGHT) * seconds / time.most();
  }

  private static double y(double height, Scale value) {
    return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * height / value.most();
  }

  private static void axes(StringBuilder svg, Scale time, Scale value) {
    for (double mark : value.marks()) {
      double y = y(mark, value);
      svg.append(
          number(
              "<line class=\"grid\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%.1f\" y2=\"%.1f\"/>",
              (double) LEFT, (double) WIDTH - RIGHT, y, y));
      svg.append(
          number(
              "<text class=\"mark\" text-anchor=\"end\" x=\"%.1f\" y=\"%.1f\">",
              LEFT - 6.0, y + 4));
      svg.append(value.text(mark)).append("</text>\n");
    }
    for (double mark : time.marks()) {
      svg.append(
          number(
              "<text class=\"mark\" text-anchor=\"middle\" x=\"%.1f\" y=\"%.1f\">",
              x(mark, time), HEIGHT - BOTTOM + 18.0));
      svg.append(time.text(mark)).append(" s</text>\n");
    }
  }

  private static void moment(StringBuilder svg, Moment moment, Scale time) {
    double x = x(moment.seconds(), time);
    svg.append(
        number(
            "<line class=\"moment\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%.1f\" y2=\"%.1f\">",
            x, x, (double) TOP, (double) HEIGHT - BOTTOM));
    svg.append("<title>").append(Markup.escape(moment.what())).append("</title></line>\n");
  }

  private void line(StringBuilder svg, Line line, Scale time, Scale value) {
    var path = new StringBuilder();
    boolean down = false;
    for (int i = 0; i < line.values().size(); i++) {
      double height = line.values().get(i);
      if (Double.isFinite(height)) {
        path.append(down ? 'L' : 'M')
            .append(number("%.1f %.1f", x((i + 0.5) * sliceSeconds, time), y(height, value)));
      }
      down = Double.isFinite(height);
    }
    svg.append("<path class=\"c%d\" d=\"%s\"><title>".formatted(line.colour(), path))
        .append(Markup.escape(line.name()))
        .append("</title></path>\n");
  }

  private String legend() {
    var legend = new StringBuilder("<figcaption>");
    for (var line : lines) {
      legend
          .append("<span><i class=\"b%d\"></i>".formatted(line.colour()))
          .append(Markup.escape(line.name()))
          .append("</span>\n");
    }
    return legend.append("</figcaption>\n").toString();
  }

  @SuppressWarnings("AnnotateFormatMethod") // its annotation is in no library that we have
  private static String number(String format, Object... numbers) {
    return String.format(Locale.ROOT, format, numbers);
  }
}
