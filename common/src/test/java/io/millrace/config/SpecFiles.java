package io.millrace.config;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.millrace.SpecException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** A small right pipeline, to be spoilt by tests, and files to read it from. */
final class SpecFiles {

  static final String BANK =
      """
      pipeline: bank
      sources:
        clients:
          kind: csv
          path: data/*.csv
          separator: ";"
          time: day
          key: [id]
      entity: [id]
      population: {source: clients, per: event}
      label: {kind: column, column: y, positive: yes}
      features:
        columns: [age, job, pdays]
        expressions: {never: "pdays = -1"}
      split: {kind: by-hash, train: 0.7, tune: 0.15, test: 0.15}
      train:
        algorithm:
          kind: xgboost
          rounds: 10
        baseline:
          kind: logistic
      evaluate:
        slices: [job]
      promote:
        gates:
          - {gate: at-least, metric: auc, value: 0.7}
      """;

  static final Variables NONE = Variables.of(Map.of(), Map.of());

  private SpecFiles() {}

  /** The bank's spec with one text in it replaced. */
  static String bank(String text, String by) {
    if (!BANK.contains(text)) {
      throw new IllegalArgumentException("the spec has no " + text);
    }
    return BANK.replace(text, by);
  }

  static Path write(Path folder, String name, String text) {
    try {
      Path file = folder.resolve(name);
      Files.createDirectories(file.getParent());
      return Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static PipelineSpec read(Path folder, String yaml, Map<String, String> overrides) {
    return SpecReader.pipeline(write(folder, "bank.yaml", yaml), NONE, overrides);
  }

  static PipelineSpec read(Path folder, String yaml) {
    return read(folder, yaml, Map.of());
  }

  /** The message of a spec's faults, with the folder cut off. */
  static String faults(Path folder, String yaml, Map<String, String> overrides) {
    return message(folder, () -> read(folder, yaml, overrides));
  }

  static String message(Path folder, Runnable read) {
    SpecException e = catchThrowableOfType(SpecException.class, read::run);
    return e == null ? "no fault" : e.getMessage().replace(folder + "/", "");
  }
}
