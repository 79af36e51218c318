package io.millrace.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.SpecException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that are no YAML, or none that can be meant. */
class FaultsOfYamlTest {

  @TempDir Path folder;

  private String faults(String yaml) {
    return SpecFiles.faults(folder, yaml, Map.of());
  }

  @Test
  void anEmptyFile() {
    String message = "bank.yaml: the file is empty; write a spec (docs/spec.md)";
    assertThat(faults("")).isEqualTo(message);
    assertThat(faults("# nothing yet\n")).isEqualTo(message);
  }

  @Test
  void aSyntaxErrorWithItsLine() {
    assertThat(faults("pipeline: bank\nowner: a: b\n"))
        .isEqualTo(
            "bank.yaml: line 2, column 9: not YAML: mapping values are not allowed here; check the"
                + " indentation, brackets and quotes up to there");
    assertThat(faults("pipeline: bank\nsources:\n\tx: 1\n"))
        .isEqualTo(
            "bank.yaml: line 3, column 1: not YAML: found character '\\t(TAB)' that cannot start"
                + " any token. (Do not use \\t(TAB) for indentation); indent with spaces, not"
                + " tabs");
  }

  @Test
  void aVariableWithoutQuotesInBraces() {
    assertThat(faults("pipeline: bank\nsources: {a: {kind: csv, path: ${data}/*.csv}}\n"))
        .isEqualTo(
            "bank.yaml: line 2, column 33: not YAML: expected ',' or '}', but got {; put quotes"
                + " around a value that holds ${…}");
  }

  @Test
  void aKeyThatIsWrittenTwice() {
    assertThat(faults(SpecFiles.bank("rounds: 10", "rounds: 10\n    rounds: 20")))
        .isEqualTo(
            "bank.yaml: train.algorithm.rounds: written twice, in lines 19 and 20; keep one");
  }

  @Test
  void twoDocuments() {
    assertThat(faults(SpecFiles.BANK + "---\npipeline: other\n"))
        .isEqualTo(
            "bank.yaml: line 27, column 1: not YAML: but found another document; check the"
                + " indentation, brackets and quotes up to there");
  }

  @Test
  void anAliasOfItself() {
    assertThat(faults("pipeline: &a [*a]\n"))
        .startsWith(
            "bank.yaml: pipeline[0]: an alias (*) inside of what it names; write the value out");
  }

  @Test
  void aFileThatIsNotThere() {
    Path file = folder.resolve("none.yaml");
    assertThat(SpecFiles.message(folder, () -> SpecReader.pipeline(file, SpecFiles.NONE, Map.of())))
        .isEqualTo("none.yaml: no such file; check the path");
  }

  @Test
  void aFileInAnotherEncoding() throws IOException {
    Path file = folder.resolve("latin.yaml");
    Files.write(file, new byte[] {'a', ':', ' ', (byte) 0xe9, '\n'});
    assertThatThrownBy(() -> SpecReader.pipeline(file, SpecFiles.NONE, Map.of()))
        .isInstanceOf(SpecException.class)
        .hasMessage(file + ": not UTF-8; save it in that encoding");
  }
}
