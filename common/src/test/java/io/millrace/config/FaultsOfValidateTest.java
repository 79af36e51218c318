package io.millrace.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Faults of checks that can be told without data. */
class FaultsOfValidateTest {

  @TempDir Path folder;

  static Stream<Arguments> checks() {
    return Stream.of(
        arguments("not-null, columns: []", "columns: empty; name at least one column"),
        arguments("not-null, columns: [agee]", "columns[0]: no column agee; did you mean age?"),
        arguments("unique, columns: [id, id]", "columns[1]: id stands in the list twice; keep one"),
        arguments("in-range, column: age", "neither min nor max; write at least one"),
        arguments(
            "in-range, column: age, min: 9, max: 1",
            "min: 9 is above max 1, so that nothing can pass; swap or widen them"),
        arguments("in-range, column: '', min: 0", "column: an empty name; name a column"),
        arguments(
            "row-count, min: 9, max: 1",
            "min: 9 is above max 1, so that nothing can pass; swap or widen them"),
        arguments(
            "one-of, column: job, values: []",
            "values: empty, so that no value can pass; name some"),
        arguments(
            "matches, column: job, pattern: 'a('",
            "pattern: no pattern of RE2 (which has no lookaround and no backreference): missing"
                + " closing ): a(; mend it"),
        arguments(
            "matches, column: job, pattern: '(?=a)'",
            "pattern: no pattern of RE2 (which has no lookaround and no backreference): invalid or"
                + " unsupported Perl syntax: (?=; mend it"),
        arguments(
            "expression, name: e, expression: '(a'", "expression: a ( that isn't closed; mend it"),
        arguments(
            "expression, name: ' ', expression: a > 1", "name: empty; say in a word what holds"),
        arguments(
            "exists-in, columns: [job], source: jobs",
            "source: no source jobs; known sources: clients, others"),
        arguments(
            "exists-in, columns: [job, age], source: others, references: [job]",
            "references: 1 columns for 2; name as many, in the same order"),
        arguments(
            "determines, by: [job], column: job",
            "column: job determines itself; take it out of by"),
        arguments(
            "like-before, measure: mean", "column: missing; mean is of a column, so name one"),
        arguments(
            "like-before, measure: row-count, column: age",
            "column: row-count is of the rows; take it away, or take null-share"),
        arguments(
            "row-count, min: 1, on-fail: quarantine",
            "on-fail: quarantine, but it judges a slice and no row; take warn or stop"),
        arguments("no-outliers, column: agee", "column: no column agee; did you mean age?"));
  }

  private static String yaml(String source, String checks) {
    return SpecFiles.bank(
            "    key: [id]\n",
            "    key: [id]\n    columns: [id, day, age, job, pdays, y]\n"
                + "  others: {kind: csv, path: x}\n")
        + "validate:\n  "
        + source
        + ":\n"
        + checks;
  }

  @ParameterizedTest
  @MethodSource("checks")
  void namesFaultsOfAChecks(String check, String message) {
    assertThat(
            SpecFiles.faults(folder, yaml("clients", "    - {check: " + check + "}\n"), Map.of()))
        .isEqualTo(
            "bank.yaml: validate.clients[0]"
                + (message.matches("[a-z-]+(\\[[0-9]])?: .*") ? "." : ": ")
                + message);
  }

  @Test
  void namesTheSourceThatIsntThere() {
    String yaml = yaml("client", "    - {check: not-null, columns: [id]}\n");

    assertThat(SpecFiles.faults(folder, yaml, Map.of()))
        .isEqualTo("bank.yaml: validate.client: no source client; did you mean clients?");
  }

  @Test
  void wantsATimeForFreshness() {
    String yaml = yaml("others", "    - {check: fresh, within: 2d}\n");

    assertThat(SpecFiles.faults(folder, yaml, Map.of()))
        .isEqualTo(
            "bank.yaml: validate.others[0].column: missing, and others has no time; name a column"
                + " of dates or timestamps");
  }

  @Test
  void wantsNamesThatDiffer() {
    String check = "    - {check: expression, name: e, expression: a > 1}\n";

    assertThat(SpecFiles.faults(folder, yaml("clients", check + check), Map.of()))
        .isEqualTo(
            "bank.yaml: validate.clients[1].name: e is also the name of validate.clients[0]; rename"
                + " one");
  }

  @Test
  void takesChecksThatAreRight() {
    String checks =
        """
            - {check: not-null, columns: [id, age], on-fail: stop}
            - {check: in-range, column: age, min: 0, max: 0}
            - {check: fresh, within: 36h}
            - {check: exists-in, columns: [job], source: others, references: [name]}
            - {check: like-before, measure: row-count, on-fail: stop}
            - {check: like-training}
        """;

    assertThat(SpecFiles.read(folder, yaml("clients", checks)).validate().get("clients"))
        .hasSize(6);
  }
}
