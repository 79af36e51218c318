package io.millrace.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.RealData;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiFunction;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Drift of real data, the first 70% of its rows against the later ones, as SciPy measures it. */
class BankReferenceTest {

  private final JsonNode reference = Reference.figures("bank");
  private List<String> names;
  private List<String[]> first;
  private List<String[]> last;

  @BeforeEach
  void read() throws IOException {
    Path bank = RealData.at("bank-marketing/bank-additional-full.csv.gz");
    List<String[]> rows;
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(bank)), StandardCharsets.UTF_8))) {
      rows = lines.lines().map(line -> line.replace("\"", "").split(";")).toList();
    }
    names = List.of(rows.get(0));
    int cut = reference.get("cut").asInt();
    assertThat(rows).hasSize(reference.get("rows").asInt() + 1);
    first = rows.subList(1, cut + 1);
    last = rows.subList(cut + 1, rows.size());
  }

  @Test
  void numbersLieAsFarApartAsSciPySays() {
    int columns = 0;
    for (JsonNode column : reference.get("columns")) {
      if (column.has("edges")) {
        assertNumbers(column);
        columns++;
      }
    }
    assertThat(columns).isEqualTo(10);
  }

  @Test
  void categoriesLieAsFarApartAsSciPySays() {
    int columns = 0;
    for (JsonNode column : reference.get("columns")) {
      if (column.has("values")) {
        assertCategories(column);
        columns++;
      }
    }
    assertThat(columns).isEqualTo(11);
  }

  @Test
  void binsSetHeavyNumbersApart() {
    LogHistogram days = histogram(doubles(first, "pdays"));
    Bins bins = Bins.of(days);
    long never = Arrays.stream(doubles(first, "pdays")).filter(x -> x == 999).count();
    assertThat(bins.counts(days)).containsExactly(first.size() - never, never, 0);
    LogHistogram ages = histogram(doubles(first, "age"));
    long[] counts = Bins.of(ages).counts(ages);
    assertThat(counts).hasSizeBetween(9, 11);
    assertThat(Arrays.stream(counts).max().orElseThrow()).isLessThan(first.size() * 15L / 100);
  }

  private void assertNumbers(JsonNode column) {
    String name = column.get("name").asText();
    double[] a = doubles(first, name);
    double[] b = doubles(last, name);
    double ks = column.get("ks").asDouble();
    double distance = column.get("wasserstein").asDouble();
    assertThat(Distances.kolmogorovSmirnov(a, b)).as(name).isCloseTo(ks, within(1e-12));
    assertThat(Distances.wasserstein(a, b)).as(name).isCloseTo(distance, within(1e-9 * distance));
    assertThat(Chance.kolmogorovSmirnovPValue(ks, a.length, b.length))
        .as(name)
        .isCloseTo(column.get("ks_p").asDouble(), within(1e-4));
    double[] edges = Reference.doubles(column.get("edges"));
    assertDistances(column, binned(a, edges), binned(b, edges));
    assertSketches(column, histogram(a), histogram(b));
    double size =
        Arrays.stream(a).map(Math::abs).average().orElseThrow()
            + Arrays.stream(b).map(Math::abs).average().orElseThrow();
    assertThat(Distances.wasserstein(histogram(a), histogram(b)))
        .as(name)
        .isCloseTo(distance, within(LogHistogram.RELATIVE_ERROR * size));
  }

  private static void assertSketches(JsonNode column, LogHistogram a, LogHistogram b) {
    String name = column.get("name").asText();
    double ks = column.get("ks").asDouble();
    double error = Distances.kolmogorovSmirnovError(a, b);
    assertThat(Distances.kolmogorovSmirnov(a, b))
        .as(name)
        .isBetween(ks - error - 1e-12, ks + 1e-12);
    double[] quantiles = Reference.doubles(column.get("quantiles"));
    double[] shares = {0.01, 0.25, 0.5, 0.99};
    for (int i = 0; i < shares.length; i++) {
      double bound = LogHistogram.RELATIVE_ERROR * Math.abs(quantiles[i]) + 1e-12;
      assertThat(a.quantile(shares[i]).getAsDouble())
          .as(name)
          .isCloseTo(quantiles[i], within(bound));
    }
  }

  private void assertCategories(JsonNode column) {
    String name = column.get("name").asText();
    CategoryBins bins = CategoryBins.align(categories(first, name), categories(last, name));
    assertThat(bins.capped()).isFalse();
    long[] expected = Reference.longs(column.get("reference"));
    assertThat(bins.reference()).as(name).containsExactlyInAnyOrder(expected);
    assertDistances(column, bins.reference(), bins.current());
  }

  private static void assertDistances(JsonNode column, long[] a, long[] b) {
    String name = column.get("name").asText();
    assertFigure(column, "psi", Distances.psi(a, b));
    assertFigure(column, "js_distance", Distances.jensenShannonDistance(a, b));
    assertFigure(column, "total_variation", Distances.totalVariation(a, b));
    assertFigure(column, "chi2", Chance.homogeneity(a, b).statistic());
    assertFigure(column, "g", Chance.gTest(a, b).statistic());
    assertThat(Chance.homogeneity(a, b).degrees())
        .as(name)
        .isEqualTo(column.get("degrees").asInt());
  }

  private static void assertFigure(JsonNode column, String figure, double found) {
    double expected = column.get(figure).asDouble();
    assertThat(found)
        .as(column.get("name").asText() + " " + figure)
        .isCloseTo(expected, within(1e-9 * expected));
  }

  private static long[] binned(double[] numbers, double[] edges) {
    BiFunction<double[], Double, Integer> bin =
        (sorted, x) -> (int) Arrays.stream(sorted).filter(edge -> edge <= x).count();
    long[] counts = new long[edges.length + 1];
    for (double x : numbers) {
      counts[bin.apply(edges, x)]++;
    }
    return counts;
  }

  private double[] doubles(List<String[]> rows, String name) {
    int column = names.indexOf(name);
    return rows.stream().mapToDouble(row -> Double.parseDouble(row[column])).toArray();
  }

  private CategoryCounts categories(List<String[]> rows, String name) {
    int column = names.indexOf(name);
    CategoryCounts counts = new CategoryCounts();
    rows.forEach(row -> counts.add(row[column]));
    return counts;
  }

  private static LogHistogram histogram(double[] numbers) {
    return LogHistogramTest.histogram(numbers);
  }
}
