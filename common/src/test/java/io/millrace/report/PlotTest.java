package io.millrace.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.report.Plot.Axis;
import io.millrace.report.Plot.Diagonal;
import io.millrace.report.Plot.Point;
import io.millrace.report.Plot.Series;
import java.util.List;
import org.junit.jupiter.api.Test;

class PlotTest {

  @Test
  void ticksAreRoundNumbersWithinTheScale() {
    assertThat(new Scale(0, 1, 0, 100).ticks(5)).containsExactly(0.0, 0.2, 0.4, 0.6, 0.8, 1.0);
    assertThat(new Scale(-0.013, 0.021, 0, 100).ticks(5))
        .containsExactly(-0.01, -0.005, 0.0, 0.005, 0.01, 0.015, 0.02);
    assertThat(new Scale(990, 13_000, 0, 100).ticks(5))
        .containsExactly(2000.0, 4000.0, 6000.0, 8000.0, 10_000.0, 12_000.0);
  }

  @Test
  void aScaleOverOneValueOrNoneIsAScale() {
    assertThat(Scale.over(5, 5, 0, 100).at(5)).isCloseTo(50, within(1e-9));
    assertThat(Scale.over(0, 0, 0, 100).at(0)).isCloseTo(50, within(1e-9));
    assertThat(Scale.over(Double.NaN, Double.NaN, 0, 100).at(1)).isEqualTo(100);
  }

  @Test
  void aLineHasAGapWhereAPointIsMissing() {
    Scale scale = new Scale(0, 4, 0, 40);
    List<Point> points =
        List.of(
            Point.of(0, 1),
            Point.of(1, 2),
            Point.of(2, Double.NaN),
            Point.of(3, 0.04),
            Point.of(4, 4));

    assertThat(Plot.path(points, scale, scale)).isEqualTo("M0 10L10 20M30 0.4L40 40");
  }

  @Test
  void dotsHaveTheirIntervalsAndLineAndDiagonalStayWithin() {
    Point point = new Point(0.5, 0.5, 0.25, 0.75, true, "told");
    Series series = new Series("real", "real", List.of(point), false, true);

    Plot plot = Plot.of("t", "d", Axis.unit("x"), Axis.unit("y"), List.of(series), Diagonal.DRAWN);

    double bottom = Plot.HEIGHT - Plot.BOTTOM;
    double height = bottom - Plot.TOP;
    assertThat(plot.lines().get(0).path()).isEmpty();
    Plot.Dot dot = plot.lines().get(0).dots().get(0);
    assertThat(dot.y()).isCloseTo(bottom - 0.5 * height, within(1e-9));
    assertThat(dot.top()).isCloseTo(bottom - 0.75 * height, within(1e-9));
    assertThat(dot.bottom()).isCloseTo(bottom - 0.25 * height, within(1e-9));
    assertThat(dot.hollow()).isTrue();
    assertThat(plot.diagonal()).isEqualTo("M44 164L260 10");
  }

  @Test
  void namedAxesTellTheFirstAndTheLast() {
    Axis axis = Axis.of("date", List.of("a", "b", "c"));

    Plot plot = Plot.of("t", "d", axis, Axis.unit("y"), List.of(), Diagonal.ABSENT);

    assertThat(plot.xTicks()).extracting(Plot.Tick::label).containsExactly("a", "c");
    assertThat(plot.xTicks()).extracting(Plot.Tick::anchor).containsExactly("start", "end");
  }

  @Test
  void sparklinesTellRangeAndLastValue() {
    Sparkline line = Sparkline.of("auc", 0.7, Double.NaN, 0.9, 0.8, Double.NaN);

    assertThat(line.description()).isEqualTo("3 values from 0.7 to 0.9, the last 0.8");
    assertThat(line.path()).startsWith("M3 ").contains("L").doesNotContain("NaN");
    assertThat(line.x()).isCloseTo(3 + 113 * 3 / 4.0, within(1e-9));
    assertThat(Sparkline.of("auc", 0.7, Double.NaN).path()).isEmpty();
  }
}
