package io.millrace.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One prediction task: everything that a person tells Millrace about it. */
@Doc("One prediction task: sources, label, features, model and the gates that it must pass.")
public record PipelineSpec(
    @Doc("Name of the pipeline: lower case, digits and hyphens, at most 90; names its tables.")
        String pipeline,
    @Doc("What is predicted, for the people who read the tables.") Optional<String> description,
    @Doc("Who answers for it.") Optional<String> owner,
    @Doc("Length of a logical date; a date is the first day of its period.") @Default("day")
        Every every,
    @Doc("Files and tables that the pipeline reads; a name is one raw table of the lake.")
        Map<String, SourceSpec> sources,
    @Doc(
            "Columns that identify an entity. Empty: a key is made of each row's content without"
                + " the label, and an occurrence number.")
        @Default("[]")
        List<String> entity,
    @Doc("Which rows get a prediction.") PopulationSpec population,
    @Doc("What must hold of each source's rows, by the source's name.") @Default("{}")
        Map<String, List<CheckSpec>> validate,
    @Doc("What is to be predicted. Without it the pipeline only makes features.")
        Optional<LabelSpec> label,
    @Doc("What a model may know.") @Default("{}") FeaturesSpec features,
    @Doc("Which labelled rows train, tune and test.")
        @Default("{kind: by-hash, train: 0.7, tune: 0.15, test: 0.15}")
        SplitSpec split,
    @Doc("How models are made.") Optional<TrainSpec> train,
    @Doc("How models are judged.") @Default("{}") EvaluateSpec evaluate,
    @Doc("What a model must show before it is used.") @Default("{}") PromoteSpec promote,
    @Doc("How features, predictions and labels are watched.") @Default("{}") MonitorSpec monitor,
    @Doc("When staged predictions are kept back.") @Default("{}") ReleaseSpec release,
    @Doc("What the pages show.") @Default("{}") ReportSpec report,
    @Doc("What becomes of models whose training rows are erased.") @Default("{}") EraseSpec erase,
    @Doc("When Airflow runs it.") @Default("{}") ScheduleSpec schedule) {

  public PipelineSpec {
    sources = SortedMaps.copyOf(sources);
    entity = List.copyOf(entity);
    validate = SortedMaps.copyOf(validate);
  }

  /** Columns that rows of features carry beside the features, and the key that asks for each. */
  public Map<String, String> keptColumns() {
    Map<String, String> kept = new LinkedHashMap<>();
    evaluate.slices().forEach(column -> kept.put(column, "evaluate.slices"));
    evaluate.top().flatMap(EvaluateSpec.Top::by).ifPresent(c -> kept.put(c, "evaluate.top.by"));
    if (split instanceof SplitSpec.ByPeriod periods) {
      periods.withoutKnown().ifPresent(column -> kept.put(column, "split.without-known"));
    }
    return kept;
  }
}
