package io.millrace.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.TestSpark;
import io.millrace.config.EnvSpec;
import io.millrace.jobs.console.Console;
import io.millrace.jobs.console.Terminal;
import io.millrace.jobs.session.Sessions;
import io.millrace.table.Lake;
import io.millrace.table.SmallTable;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;

/**
 * The same rows and spec give the same bits, whatever the order of rows, the partitions that files
 * are read in, and the cores: features, model files, metrics and predictions.
 */
class ReproducibleRunTest {

  private static final LocalDate DATE = LocalDate.parse("2026-03-01");
  private static final int ROWS = 3000;
  private static final String SPEC =
      """
      pipeline: loans
      sources:
        loan_requests:
          kind: csv
          path: "${data}/loans-*.csv"
          load: snapshot
      population: {source: loan_requests, per: entity}
      label: {kind: column, column: paid, positive: "yes", negative: "no"}
      features:
        expressions: {share: amount / income}
      split: {kind: by-hash, train: 0.6, tune: 0.2, test: 0.2}
      train:
        algorithm:
          kind: xgboost
          rounds: 20
          depth: 4
          subsample: 0.8
          column-sample: 0.8
          early-stopping: 5
        encoders: {town: {kind: target}}
        baseline: {kind: logistic}
        workers: 2
      evaluate: {slices: [town], value: {true-positive: 1.1, false-positive: -0.3}}
      promote: {gates: [{gate: at-least, metric: auc, value: 0.6}]}
      """;

  /** A spec, its data and its lake. */
  private record Place(Path folder) {

    static Place of(String name, Random order) {
      Place place = new Place(TestSpark.temporary(name));
      Shop.write(place.conf().resolve("loans.yaml"), SPEC);
      for (int file = 0; file < 2; file++) {
        List<String> lines = lines(file);
        Collections.shuffle(lines, order);
        Shop.write(
            place.data().resolve("loans-" + file + ".csv"),
            "amount,income,town,married,paid\n" + String.join("\n", lines) + "\n");
      }
      return place;
    }

    Path conf() {
      return folder.resolve("conf");
    }

    Path data() {
      return folder.resolve("data");
    }

    Path lakeFolder() {
      return folder.resolve("lake");
    }

    Lake lake() {
      return Lake.open(lakeFolder().toString(), TestSpark::session);
    }
  }

  /**
   * Numbers of many digits, missing values, rare towns, and rows that are equal but their label.
   */
  private static List<String> lines(int file) {
    Random random = new Random(file);
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < ROWS / 2; i++) {
      double amount = Math.exp(random.nextGaussian() + 8);
      double income = Math.exp(random.nextGaussian() / 3 + 8);
      int town = (int) Math.abs(random.nextGaussian() * 12);
      String married = List.of("true", "false", "").get(random.nextInt(3));
      double lift = income / amount - 1 + town / 20.0 + random.nextGaussian() / 2;
      String row = amount + "," + (town == 3 ? "" : income) + ",t" + town + "," + married;
      lines.add(row + (lift > 0.4 ? ",yes" : ",no"));
      if (i % 50 == 0) {
        lines.add(row + ",yes");
        lines.add(row + ",no");
      }
    }
    return lines;
  }

  @Test
  void rowsInAnotherOrderOnOtherCoresGiveTheSameBits() throws Exception {
    Place here = Place.of("here", new Random(1));
    Place elsewhere = Place.of("elsewhere", new Random(2));
    Process other = start(elsewhere);
    run(here, here.lake());
    assertThat(other.waitFor())
        .as(() -> Shop.read(elsewhere.folder().resolve("said.txt")))
        .isZero();

    Map<String, byte[]> files = modelFiles(here);
    assertThat(files)
        .containsOnlyKeys(
            "encoders.json", "predictor.json", "baseline/encoders.json", "baseline/predictor.json");
    Map<String, byte[]> others = modelFiles(elsewhere);
    assertThat(others).containsOnlyKeys(files.keySet());
    files.forEach((name, bytes) -> assertThat(others.get(name)).as(name).isEqualTo(bytes));
    assertThat(rows(elsewhere, "features/loans"))
        .isEqualTo(rows(here, "features/loans"))
        .hasSize(ROWS + ROWS / 25);
    assertThat(rows(elsewhere, "labels/loans")).isEqualTo(rows(here, "labels/loans"));
    assertThat(rows(elsewhere, "predictions/loans"))
        .isEqualTo(rows(here, "predictions/loans"))
        .hasSize(ROWS + ROWS / 25);
    assertThat(metrics(elsewhere)).isEqualTo(metrics(here)).hasSizeGreaterThan(100);
  }

  private static void run(Place place, Lake lake) {
    try (Work work =
        RealPipelines.open(place.conf(), "loans", Map.of("data", place.data().toString()), lake)) {
      assertThat(new Chains(work).train(DATE).promoted()).isTrue();
      new Chains(work).score(DATE);
    }
  }

  /** Another process: four cores, small partitions of files, other shuffles. */
  public static final class Elsewhere {

    private Elsewhere() {}

    public static void main(String[] folder) {
      Map<String, String> settings =
          Map.of(
              "spark.sql.files.maxPartitionBytes", "9000",
              "spark.sql.files.openCostInBytes", "1000",
              "spark.sql.shuffle.partitions", "7");
      EnvSpec four =
          new EnvSpec(
              "lake",
              Optional.of("local[4]"),
              Optional.empty(),
              Optional.empty(),
              Map.of(),
              settings);
      Console console =
          new Console(
              Terminal.detect(Map.of("NO_COLOR", "1")),
              Console.Format.TEXT,
              System.out,
              System.out);
      Place place = new Place(Path.of(folder[0]));
      try (Sessions sessions = new Sessions(four, console)) {
        run(place, Lake.open(place.lakeFolder().toString(), sessions::session));
      }
    }
  }

  private static Process start(Place place) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElse("java"));
    for (String argument : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
      if (argument.startsWith("--add-") || argument.startsWith("-Duser")) {
        command.add(argument);
      }
    }
    String classPath = System.getProperty("java.class.path");
    String folder = place.folder().toString();
    command.addAll(Program.QUICK);
    command.addAll(List.of("-Xmx1g", "-cp", classPath, Elsewhere.class.getName(), folder));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(place.folder().resolve("said.txt").toFile())
        .start();
  }

  /** The files of the only model, without the manifest, which names runs and versions of tables. */
  private static Map<String, byte[]> modelFiles(Place place) throws IOException {
    Path models = place.lakeFolder().resolve("models/loans");
    try (Stream<Path> paths = Files.walk(models)) {
      Map<String, byte[]> files = new TreeMap<>();
      for (Path path : paths.filter(Files::isRegularFile).toList()) {
        Path inModel = models.relativize(path);
        String name = inModel.subpath(1, inModel.getNameCount()).toString();
        if (!name.endsWith(".crc") && !name.equals("manifest.json")) {
          assertThat(files.put(name, Files.readAllBytes(path))).as(name).isNull();
        }
      }
      return files;
    }
  }

  /** A table's rows as texts, in their order; a double's text tells all of its bits. */
  private static List<String> rows(Place place, String table) {
    Dataset<Row> rows = place.lake().latest(table).orElseThrow().read();
    return rows
        .drop("run_id", "score_run_id", "model_version", "scored_at")
        .collectAsList()
        .stream()
        .map(Row::toString)
        .sorted()
        .toList();
  }

  private static List<String> metrics(Place place) {
    return new SmallTable(place.lake(), ResultTables.metrics())
        .rows("loans").stream()
            .map(
                row ->
                    Stream.of(
                            "role",
                            "metric",
                            "slice_column",
                            "slice_value",
                            "value",
                            "low",
                            "high",
                            "rows")
                        .map(name -> String.valueOf(row.get(name)))
                        .collect(Collectors.joining(" ")))
            .sorted()
            .toList();
  }
}
