package io.millrace.features;

import io.millrace.config.WindowSpec.Aggregate;
import java.io.Serializable;
import java.util.List;
import java.util.Set;

/** How a lane reads the rows of a sweep: ordinals of its columns, spans in microseconds. */
sealed interface LanePlan extends Serializable {

  /**
   * A window.
   *
   * @param delay the spans end so long before the moment
   * @param strict whether rows of the very end don't count
   * @param knownAt ordinal of the microseconds at which a row became known; -1 for none
   * @param tick what a moment lacks to the instant that is meant by it
   */
  record Window(
      long delay,
      boolean strict,
      int knownAt,
      long tick,
      List<Long> spans,
      List<Input> inputs,
      List<Output> outputs)
      implements LanePlan {
    public Window {
      spans = List.copyOf(spans);
      inputs = List.copyOf(inputs);
      outputs = List.copyOf(outputs);
    }
  }

  /**
   * A column of values.
   *
   * @param text a text; else a double
   * @param truth a double that is 1 for true and 0 for false
   */
  record Input(int ordinal, boolean text, boolean truth, Set<Aggregate> aggregates)
      implements Serializable {
    public Input {
      aggregates = Set.copyOf(aggregates);
    }
  }

  /** One result: an aggregate of an input over a span, both by position. */
  record Output(int input, int span, Aggregate aggregate) implements Serializable {}

  /**
   * A join.
   *
   * @param within how old a row may be
   * @param input ordinal of the struct of its columns
   * @param fields how many columns
   */
  record Join(long delay, long within, int input, int fields) implements LanePlan {}
}
