package io.millrace.jobs;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.Stage;
import io.millrace.StoppedException;
import io.millrace.config.TrainSpec.Audit;
import io.millrace.config.TrainSpec.OnLeak;
import io.millrace.jobs.console.StageLine;
import io.millrace.model.ModelStore.Artefact;
import io.millrace.table.RunLog;
import io.millrace.table.SmallTable;
import io.millrace.table.TableVersion;
import io.millrace.train.Leak;
import io.millrace.train.LeakageAudit;
import io.millrace.train.TrainResult;
import io.millrace.train.TrainResult.Fitted;
import io.millrace.train.Trainer;
import io.millrace.train.TrainingSet;
import io.millrace.train.Trial;
import java.time.Instant;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Trains the challenger of a date and its baseline. */
final class TrainJob {

  private static final ObjectMapper JSON = new ObjectMapper();

  private static final int MOST_SAID = 2;

  private final Work work;
  private final LocalDate date;

  TrainJob(Work work, LocalDate date) {
    this.work = work;
    this.date = date;
  }

  Outcome run() {
    Requirements.train(work.spec());
    try (StageLine line = work.begin(Stage.TRAIN, date)) {
      TrainingInputs inputs = TrainingInputs.latest(work, date);
      ModelLibrary library = new ModelLibrary(work);
      if (library.row(inputs.version()).isPresent()) {
        line.alreadyDone();
        return Outcome.ALREADY_DONE;
      }
      work.planned(Stage.TRAIN, date, inputs.runId());
      TrainingSet set = LabelledRows.of(work, inputs);
      audit(inputs, set);
      TrainResult result = Trainer.train(set, work.spec().train().orElseThrow());
      result.warnings().forEach(work.console()::warn);
      save(library, inputs, set, result);
      line.done(said(inputs, result));
      return Outcome.DONE;
    }
  }

  /** Says and keeps what knows the outcome, and stops for it where the spec says so. */
  private void audit(TrainingInputs inputs, TrainingSet set) {
    Audit spec = work.spec().train().orElseThrow().audit();
    List<Leak> leaks = LeakageAudit.run(set, spec);
    leaks.forEach(leak -> work.console().warn(leak.message()));
    List<String> stopping =
        leaks.stream().filter(leak -> leak.rule().stops()).map(Leak::message).toList();
    boolean stops = spec.onLeak() == OnLeak.STOP && !stopping.isEmpty();
    if (stops) {
      recordStopped(inputs, leaks.size(), String.join("; ", stopping));
    }
    new SmallTable(work.lake(), ResultTables.leaks())
        .append(
            work.name(),
            inputs.runId(),
            leaks.stream().map(leak -> leakRow(inputs, leak)).toList());
    if (stops) {
      throw new StoppedException(
          "train: nothing is trained, since features know the outcome (train.audit.on-leak: stop)\n"
              + String.join("\n", stopping.subList(0, Math.min(MOST_SAID, stopping.size()))));
    }
  }

  /** As of any run of train, its row comes before the rows that tell of it; once. */
  private void recordStopped(TrainingInputs inputs, int leaks, String why) {
    if (!new RunLog(work.lake()).has(work.name(), inputs.runId())) {
      work.record(
          List.of(
              work.run(Stage.TRAIN, date, inputs.runId(), inputs.versions(), inputs.featureRows())
                  .stopped(List.of(new TableVersion("leaks", -1)), leaks, why)));
      work.flush();
    }
  }

  private Map<String, Object> leakRow(TrainingInputs inputs, Leak leak) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("run_id", inputs.runId());
    row.put("pipeline", work.name());
    row.put("stage", Stage.TRAIN.word());
    row.put("date", date);
    row.put("rule", leak.rule().text());
    row.put("column", String.join(", ", leak.columns()));
    row.put("value", leak.value());
    row.put("limit", leak.limit());
    row.put("message", leak.message());
    row.put("rows", leak.rows());
    return row;
  }

  private void save(
      ModelLibrary library, TrainingInputs inputs, TrainingSet set, TrainResult result) {
    Artefact artefact =
        new Artefact(
            manifest(inputs, set, result),
            result.challenger().model(),
            result.baseline().map(Fitted::model));
    Map<String, String> files = library.save(inputs.version(), artefact);
    addTrials(inputs, result.trials());
    TableVersion folder = new TableVersion("models/" + work.name() + "/" + inputs.version(), -1);
    work.record(
        List.of(
            work.run(Stage.TRAIN, date, inputs.runId(), inputs.versions(), inputs.featureRows())
                .finished(List.of(folder), result.trainRows() + result.tuneRows())));
    // The row of the model makes it real, so it comes last: a run killed before it is run again.
    work.flush();
    library.add(inputs.runId(), row(inputs, set, result, files));
  }

  private Map<String, Object> row(
      TrainingInputs inputs, TrainingSet set, TrainResult result, Map<String, String> files) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("run_id", inputs.runId());
    row.put("pipeline", work.name());
    row.put("model_version", inputs.version());
    row.put("date", date);
    row.put("task", set.task().name().toLowerCase(Locale.ROOT));
    row.put("algorithm", result.challenger().algorithm());
    row.put("features_version", SpecKeys.featuresVersion(work.spec()));
    row.put("rows_train", result.trainRows());
    row.put("rows_tune", result.tuneRows());
    result.challenger().rounds().ifPresent(rounds -> row.put("rounds", (long) rounds));
    row.put("largest_difference", result.challenger().largestDifference());
    row.put("features_table_version", inputs.features().version());
    row.put("labels_table_version", inputs.labels().version());
    row.put("raw_table_version", inputs.raw().version());
    row.put("files", ModelLibrary.json(files));
    row.put("code_version", BuildInfo.version());
    row.put("trained_at", Instant.now());
    return row;
  }

  private void addTrials(TrainingInputs inputs, List<Trial> trials) {
    new SmallTable(work.lake(), ResultTables.trials())
        .append(
            work.name(),
            inputs.runId(),
            trials.stream().map(trial -> trialRow(inputs, trial)).toList());
  }

  private Map<String, Object> trialRow(TrainingInputs inputs, Trial trial) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("run_id", inputs.runId());
    row.put("pipeline", work.name());
    row.put("model_version", inputs.version());
    row.put("trial", (long) trial.number());
    row.put("settings", ModelLibrary.json(trial.settings()));
    row.put("metric", trial.metric());
    row.put("value", trial.value());
    row.put("chosen", trial.chosen());
    return row;
  }

  private ObjectNode manifest(TrainingInputs inputs, TrainingSet set, TrainResult result) {
    ObjectNode manifest = JSON.createObjectNode();
    manifest.put("pipeline", work.name());
    manifest.put("model_version", inputs.version());
    manifest.put("run_id", inputs.runId());
    manifest.put("date", date.toString());
    manifest.put("spec", work.specText());
    manifest.put("spec_hash", work.specHash());
    manifest.put("seed", work.spec().train().orElseThrow().seed());
    manifest.put("code_version", BuildInfo.version());
    manifest.put("features_version", SpecKeys.featuresVersion(work.spec()));
    manifest.put("feature_schema_hash", set.schema().hash());
    ObjectNode tables = manifest.putObject("inputs");
    inputs.versions().forEach(input -> tables.put(input.table(), input.version()));
    manifest.put("rows_train", result.trainRows());
    manifest.put("rows_tune", result.tuneRows());
    result.warnings().forEach(manifest.putArray("warnings")::add);
    fitted(manifest.putObject("challenger"), result.challenger());
    result.baseline().ifPresent(baseline -> fitted(manifest.putObject("baseline"), baseline));
    return manifest;
  }

  private static void fitted(ObjectNode node, Fitted fitted) {
    node.put("algorithm", fitted.algorithm());
    node.put("largest_difference", fitted.largestDifference());
    fitted.rounds().ifPresent(rounds -> node.put("rounds", rounds));
    ObjectNode dropped = node.putObject("dropped");
    new java.util.TreeMap<>(fitted.dropped()).forEach(dropped::put);
  }

  private static String said(TrainingInputs inputs, TrainResult result) {
    return "model %s: %s on %,d rows%s"
        .formatted(
            inputs.version(),
            result.challenger().algorithm(),
            result.trainRows(),
            result.challenger().rounds().isPresent()
                ? ", " + result.challenger().rounds().getAsInt() + " rounds"
                : "");
  }
}
