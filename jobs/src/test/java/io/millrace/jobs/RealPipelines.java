package io.millrace.jobs;

import io.millrace.RealData;
import io.millrace.config.PipelineSpec;
import io.millrace.config.SpecReader;
import io.millrace.config.Variables;
import io.millrace.jobs.console.Console;
import io.millrace.jobs.console.Terminal;
import io.millrace.table.Lake;
import io.millrace.table.SmallTable;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Map;

/** A pipeline of {@code conf/} on public data, in a lake of its own. */
final class RealPipelines {

  private RealPipelines() {}

  /** A folder of public data; the test is passed over, with its name, where it isn't there. */
  static Path data(String name) {
    return RealData.at(name).getParent();
  }

  /** Opens a pipeline as a command does; what it says goes to the test's output. */
  static Work open(Path conf, String pipeline, Map<String, String> variables, Lake lake) {
    PipelineSpec spec =
        SpecReader.pipeline(
            conf.resolve(pipeline + ".yaml"), Variables.of(variables, Map.of()), Map.of());
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    Console console =
        new Console(Terminal.detect(Map.of("NO_COLOR", "1")), Console.Format.TEXT, out, out);
    return new Work(spec, "spec", lake, console);
  }

  /** The figure over all held-out rows. */
  static double figure(Work work, LocalDate date, String role, String metric) {
    return new SmallTable(work.lake(), ResultTables.metrics())
        .rows(work.name()).stream()
            .filter(row -> date.equals(row.get("date")) && role.equals(row.get("role")))
            .filter(row -> metric.equals(row.get("metric")) && "".equals(row.get("slice_column")))
            .mapToDouble(row -> (Double) row.get("value"))
            .findFirst()
            .orElseThrow();
  }
}
