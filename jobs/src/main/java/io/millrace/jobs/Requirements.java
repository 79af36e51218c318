package io.millrace.jobs;

import io.millrace.SpecException;
import io.millrace.config.PipelineSpec;

/** What a stage needs of the spec beyond what every spec has. */
final class Requirements {

  private Requirements() {}

  /** Labels and a learner. */
  static void train(PipelineSpec spec) {
    label(spec);
    if (spec.train().isEmpty()) {
      throw new SpecException(
          spec.pipeline() + ": there is no train: section, so no model; add train: {algorithm: …}");
    }
  }

  /** Labels. */
  static void label(PipelineSpec spec) {
    if (spec.label().isEmpty()) {
      throw new SpecException(
          spec.pipeline() + ": there is no label: section; say what is to be predicted");
    }
  }
}
