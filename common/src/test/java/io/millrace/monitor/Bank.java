package io.millrace.monitor;

import io.millrace.RealData;
import io.millrace.validate.ColumnMeasures;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.zip.GZIPInputStream;

/** The rows of the bank's calls, in the order of time. */
record Bank(List<String> names, List<String[]> rows) {

  private static final Set<String> NUMBERS =
      Set.of(
          "age",
          "duration",
          "campaign",
          "pdays",
          "previous",
          "emp.var.rate",
          "cons.price.idx",
          "cons.conf.idx",
          "euribor3m",
          "nr.employed");

  /** The bank's calls; the test that asks is skipped where they aren't at hand. */
  static Bank read() throws IOException {
    Path file = RealData.at("bank-marketing/bank-additional-full.csv.gz");
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.UTF_8))) {
      List<String[]> all = lines.lines().map(line -> line.replace("\"", "").split(";")).toList();
      return new Bank(List.of(all.get(0)), all.subList(1, all.size()));
    }
  }

  /** All columns but the label, of one part of the rows against another. */
  List<Watched> compare(List<String[]> reference, List<String[]> current) {
    List<Watched> columns = new ArrayList<>();
    for (int i = 0; i < names.size() - 1; i++) {
      columns.add(Columns.feature(names.get(i), measures(reference, i), measures(current, i)));
    }
    return columns;
  }

  private ColumnMeasures measures(List<String[]> part, int column) {
    return NUMBERS.contains(names.get(column))
        ? Columns.numbers(part.stream().mapToDouble(row -> Double.parseDouble(row[column])))
        : Columns.texts(part.stream().map(row -> row[column]).toList());
  }
}
