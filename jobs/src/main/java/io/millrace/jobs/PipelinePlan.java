package io.millrace.jobs;

import io.millrace.Stage;
import io.millrace.StoppedException;
import io.millrace.config.PipelineSpec;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What one command would do about a pipeline.
 *
 * @param tables versions of the tables that it goes by; -1 where one isn't there
 * @param pages pages that would be looked at again
 * @param pins people's pins of tables that would be written
 */
record PipelinePlan(
    String pipeline,
    Chain chain,
    List<LocalDate> dates,
    String specHash,
    Map<String, Long> tables,
    List<PlanStep> steps,
    List<String> pages,
    List<String> pins) {

  /** The command whose chain is planned. */
  enum Chain {
    RUN,
    DAILY,
    BACKFILL;

    /** The command. */
    String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    static Chain of(String word) {
      return valueOf(word.toUpperCase(Locale.ROOT));
    }

    /** Its stages that write slices. */
    List<Stage> stages(PipelineSpec spec) {
      List<Stage> stages = new ArrayList<>(List.of(Stage.INGEST, Stage.VALIDATE));
      if (spec.label().isPresent()) {
        stages.add(Stage.LABEL);
      }
      stages.add(Stage.FEATURES);
      if (this == RUN) {
        stages.addAll(List.of(Stage.TRAIN, Stage.EVALUATE, Stage.PROMOTE));
      } else if (spec.train().isPresent()) {
        stages.addAll(List.of(Stage.SCORE, Stage.MONITOR, Stage.RELEASE));
      }
      return stages;
    }
  }

  PipelinePlan {
    dates = List.copyOf(dates);
    tables = new TreeMap<>(tables);
    steps = List.copyOf(steps);
    pages = List.copyOf(pages);
    pins = List.copyOf(pins);
  }

  /** How many steps there are of each sort. */
  Map<Would, Long> counts() {
    Map<Would, Long> counts = new TreeMap<>();
    for (Would would : Would.values()) {
      counts.put(would, steps.stream().filter(step -> step.would() == would).count());
    }
    return counts;
  }

  /**
   * Fails unless a run is one that the plan has.
   *
   * @throws StoppedException where it isn't
   */
  void require(Stage stage, LocalDate date, String runId) {
    boolean there =
        steps.stream()
            .filter(step -> step.stage() == stage)
            .anyMatch(step -> step.allows(date, runId));
    if (!there) {
      throw new StoppedException(
          "%s: %s of %s isn't what the plan says: something moved after it was compared\n"
                  .formatted(pipeline, stage.word(), date)
              + "what is written stays; plan again: millrace plan "
              + pipeline);
    }
  }

  /** Steps that come out otherwise in another plan: as here, as there. */
  List<String> otherwise(PipelinePlan now) {
    Map<String, PlanStep> here = byName();
    Map<String, PlanStep> there = now.byName();
    Set<String> names = new LinkedHashSet<>(here.keySet());
    names.addAll(there.keySet());
    return names.stream()
        .filter(name -> !identity(here.get(name)).equals(identity(there.get(name))))
        .map(
            name -> "%s was %s, is %s".formatted(name, word(here.get(name)), word(there.get(name))))
        .toList();
  }

  private static String identity(PlanStep step) {
    return step == null ? "" : step.identity();
  }

  private static String word(PlanStep step) {
    return step == null ? "not there" : step.would().word();
  }

  private Map<String, PlanStep> byName() {
    return steps.stream()
        .collect(
            Collectors.toMap(
                step -> step.stage().word() + " of " + step.date(),
                step -> step,
                (one, other) -> one,
                LinkedHashMap::new));
  }
}
