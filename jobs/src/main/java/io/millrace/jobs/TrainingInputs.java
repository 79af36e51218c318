package io.millrace.jobs;

import io.millrace.DataException;
import io.millrace.Stage;
import io.millrace.StoppedException;
import io.millrace.config.PipelineSpec;
import io.millrace.config.Spans;
import io.millrace.erase.Receipts;
import io.millrace.label.LabelBuilder;
import io.millrace.table.PinnedTable;
import io.millrace.table.RunIds;
import io.millrace.table.SliceState;
import io.millrace.table.TableVersion;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.stream.Stream;

/**
 * What the train run of a date is a function of, pinned.
 *
 * @param dates logical dates whose features it learns from
 * @param runId identity of the train run
 */
record TrainingInputs(
    PinnedTable raw,
    PinnedTable features,
    PinnedTable labels,
    LocalDate date,
    List<LocalDate> dates,
    String runId) {

  TrainingInputs {
    dates = List.copyOf(dates);
  }

  /** The version of the model that comes of it. */
  String version() {
    return RunIds.modelVersion(runId);
  }

  /** Resolves the inputs at their newest versions. */
  static TrainingInputs latest(Work work, LocalDate date) {
    return resolve(
        work,
        date,
        work.raw(work.spec().population().source()),
        required(work, "features/" + work.name(), "features"),
        required(work, "labels/" + work.name(), "label"));
  }

  /** The inputs that a model was trained on, at the versions of that time. */
  static TrainingInputs of(Work work, Map<String, Object> model) {
    return of(work, model, work.lake()::at);
  }

  /** The same without those who have been erased since. */
  static TrainingInputs left(Work work, Map<String, Object> model) {
    Receipts erasures = new Receipts(work.lake());
    return of(work, model, (name, version) -> work.lake().at(name, erasures.left(name, version)));
  }

  private static TrainingInputs of(
      Work work, Map<String, Object> model, BiFunction<String, Long, PinnedTable> tables) {
    return resolve(
        work,
        (LocalDate) model.get("date"),
        tables.apply(
            "raw/" + work.spec().population().source(), (Long) model.get("raw_table_version")),
        tables.apply("features/" + work.name(), (Long) model.get("features_table_version")),
        tables.apply("labels/" + work.name(), (Long) model.get("labels_table_version")));
  }

  private static PinnedTable required(Work work, String table, String stage) {
    Optional<PinnedTable> found = work.lake().latest(table);
    return found.orElseThrow(
        () ->
            new DataException(
                table
                    + ": isn't there yet; run `millrace "
                    + stage
                    + " "
                    + work.name()
                    + "` for a date that its source has files for"));
  }

  private static TrainingInputs resolve(
      Work work, LocalDate date, PinnedTable raw, PinnedTable features, PinnedTable labels) {
    List<LocalDate> dates = new ArrayList<>();
    TreeSet<String> inputs = new TreeSet<>();
    Map<String, SliceState> slices = features.slices("date");
    for (LocalDate day : FeaturesJob.trainingDates(work, raw, date)) {
      SliceState slice = slices.get(day.toString());
      if (slice != null) {
        dates.add(day);
        inputs.addAll(slice.runIds());
      }
    }
    refuseOtherSpecs(work, features, dates);
    labels.slices(LabelBuilder.KNOWN_AT).values().stream()
        .filter(slice -> !LocalDate.parse(slice.key()).isAfter(date))
        .forEach(slice -> inputs.addAll(slice.runIds()));
    if (dates.isEmpty()) {
      Duration after = work.spec().label().orElseThrow().after();
      throw new DataException(
          after.isZero()
              ? noFeatures(work, date)
              : noFeatures(work, date)
                  + "\nlabels count only "
                  + Spans.text(after)
                  + " after their date (label.after), so a later date may do");
    }
    String runId = runId(work.spec(), date, inputs, features.erasures() + labels.erasures());
    return new TrainingInputs(raw, features, labels, date, dates, runId);
  }

  /**
   * The id of the train run of a date.
   *
   * @param read runs of the features and labels that it learns from
   * @param erasures how often persons were erased from these
   */
  static String runId(PipelineSpec spec, LocalDate date, Set<String> read, long erasures) {
    return RunIds.of(Stage.TRAIN, SpecKeys.train(spec, erasures), date, "", read);
  }

  private static String noFeatures(Work work, LocalDate date) {
    return "features/"
        + work.name()
        + ": there are none up to "
        + date
        + "; run `millrace run "
        + work.name()
        + " --date "
        + date
        + "`";
  }

  static void refuseOtherSpecs(Work work, PinnedTable features, List<LocalDate> dates) {
    TreeSet<LocalDate> others =
        FeaturesJob.datesOfOtherSpecs(features, SpecKeys.featuresVersion(work.spec()));
    others.retainAll(dates);
    if (!others.isEmpty()) {
      throw new StoppedException(
          "train: the features of "
              + Dates.list(others)
              + " were made by another spec\nmake them anew: millrace backfill "
              + work.name()
              + " --from "
              + others.first()
              + " --to "
              + others.last());
    }
  }

  /** The tables read, for the run's row. */
  List<TableVersion> versions() {
    return Stream.of(features, labels, raw).flatMap(table -> table.versions().stream()).toList();
  }

  /** Rows of the features of all dates. */
  long featureRows() {
    Map<String, SliceState> slices = features.slices("date");
    return dates.stream().mapToLong(day -> slices.get(day.toString()).rows()).sum();
  }
}
