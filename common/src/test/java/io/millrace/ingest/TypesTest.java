package io.millrace.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.DataException;
import io.millrace.SpecException;
import io.millrace.TestSpark;
import io.millrace.config.SourceSpec;
import io.millrace.config.SourceSpec.ColumnType;
import io.millrace.config.SourceSpec.SchemaChange.Policy;
import io.millrace.ingest.FileColumns.FileColumn;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TypesTest {

  private static final SourceFile FILE = new SourceFile("f.csv", "/f.csv", 9, 0, Optional.empty());

  /** The types of columns whose texts are given, one line of values each. */
  private static List<String> types(String... columns) {
    List<String[]> values = Arrays.stream(columns).map(column -> column.split("\\|")).toList();
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < columns.length; i++) {
      text.append(i == 0 ? "" : ";").append("c").append(i);
    }
    for (int row = 0; row < 2; row++) {
      List<String> cells = new ArrayList<>();
      for (String[] column : values) {
        cells.add(row < column.length ? column[row] : "");
      }
      text.append('\n').append(String.join(";", cells));
    }
    SourceSpec spec = Sources.csv(Sources.file("t.csv", text + "\n")).separator(";").spec();
    return TypeInference.columns(TestSpark.session(), spec, Sources.list(spec).get(0))
        .columns()
        .stream()
        .map(column -> column.type().map(Enum::name).orElse("-"))
        .toList();
  }

  @Test
  void eachColumnHasItsNarrowestType() {
    assertThat(
            types(
                "1|-20",
                "0|",
                "01907|2",
                "+49|1",
                "9223372036854775807|1",
                "9223372036854775808|1",
                "1|2.50",
                "1e-3|.5",
                "NaN|-inf",
                "007.5|1",
                "true|False",
                "yes|no",
                "2026-01-31|",
                "2026-01-31|2026-01-31T23:59:59.5Z",
                "2026-02-30|2026-01-01",
                "|",
                "1|x",
                "-0|1"))
        .containsExactly(
            "LONG",
            "LONG",
            "STRING",
            "STRING",
            "LONG",
            "STRING",
            "DOUBLE",
            "DOUBLE",
            "DOUBLE",
            "STRING",
            "BOOLEAN",
            "STRING",
            "DATE",
            "TIMESTAMP",
            "STRING",
            "-",
            "STRING",
            "STRING");
  }

  private static FileColumns columns(boolean told, Object... nameAndType) {
    List<FileColumn> columns = new ArrayList<>();
    for (int i = 0; i < nameAndType.length; i += 2) {
      String name = (String) nameAndType[i];
      columns.add(new FileColumn(name, name, Optional.ofNullable((ColumnType) nameAndType[i + 1])));
    }
    return new FileColumns(FILE, columns, told);
  }

  private static ColumnTypes table(Object... nameAndType) {
    return SchemaChanges.reconcile(
            ColumnTypes.empty(), columns(true, nameAndType), Sources.csv("x").spec())
        .table();
  }

  @Test
  void addedColumnsGoByPolicy() {
    ColumnTypes pinned = table("a", ColumnType.LONG);
    FileColumns file = columns(false, "A", ColumnType.LONG, "b", ColumnType.STRING, "c", null);
    Reconciled added = SchemaChanges.reconcile(pinned, file, Sources.csv("x").spec());
    assertThat(added.table().names()).containsExactly("a", "b");
    assertThat(added.notes()).containsExactly("f.csv: column b (STRING) is new and added");
    SourceSpec ignore = Sources.csv("x").changes(Policy.IGNORE, Policy.STOP, Policy.IGNORE).spec();
    assertThat(SchemaChanges.reconcile(pinned, file, ignore).table()).isEqualTo(pinned);
    SourceSpec stop = Sources.csv("x").changes(Policy.STOP, Policy.STOP, Policy.IGNORE).spec();
    assertThatThrownBy(() -> SchemaChanges.reconcile(pinned, file, stop))
        .isInstanceOf(DataException.class)
        .hasMessage(
            "/f.csv: column b (STRING) is new; set schema-change: {added: add} or {added: ignore}");
  }

  @Test
  void missingColumnsGoByPolicy() {
    ColumnTypes pinned = table("amount", ColumnType.LONG, "b", ColumnType.LONG);
    FileColumns file = columns(false, "amuont", ColumnType.LONG, "b", ColumnType.LONG);
    assertThatThrownBy(() -> SchemaChanges.reconcile(pinned, file, Sources.csv("x").spec()))
        .hasMessageStartingWith(
            "/f.csv: no column amount, which the table has; the nearest is amuont.");
    SourceSpec ignore =
        Sources.csv("x").changes(Policy.IGNORE, Policy.IGNORE, Policy.IGNORE).spec();
    assertThat(SchemaChanges.reconcile(pinned, file, ignore).notes())
        .contains("f.csv: no column amount, its rows hold null");
    assertThatThrownBy(
            () ->
                SchemaChanges.reconcile(
                    ColumnTypes.empty(), file, Sources.csv("x").key("amount").spec()))
        .isInstanceOf(DataException.class)
        .hasMessage("/f.csv: no column amount, which the source declares; the nearest is amuont");
  }

  @Test
  void retypedColumnsGoByPolicy() {
    ColumnTypes pinned = table("n", ColumnType.LONG, "x", ColumnType.DOUBLE);
    SourceSpec add = Sources.csv("x").changes(Policy.ADD, Policy.STOP, Policy.ADD).spec();
    FileColumns wider = columns(true, "n", ColumnType.DOUBLE, "x", ColumnType.LONG);
    Reconciled widened = SchemaChanges.reconcile(pinned, wider, add);
    assertThat(widened.widened())
        .containsExactly(new Reconciled.Widened("n", ColumnType.LONG, ColumnType.DOUBLE));
    assertThat(widened.table().find("x").orElseThrow().type()).isEqualTo(ColumnType.DOUBLE);
    Reconciled cast = SchemaChanges.reconcile(pinned, wider, Sources.csv("x").spec());
    assertThat(cast.table()).isEqualTo(pinned);
    FileColumns text = columns(false, "n", ColumnType.STRING, "x", ColumnType.STRING);
    assertThatThrownBy(() -> SchemaChanges.reconcile(pinned, text, add))
        .hasMessage(
            "/f.csv: column x is a STRING, in the table a DOUBLE, which has lost its text; declare"
                + " types: {x: string}");
    SourceSpec stop = Sources.csv("x").changes(Policy.ADD, Policy.STOP, Policy.STOP).spec();
    assertThatThrownBy(() -> SchemaChanges.reconcile(pinned, text, stop))
        .hasMessageContaining("column n is a STRING, in the table a LONG; declare its type");
    FileColumns narrowText = columns(false, "n", ColumnType.LONG, "x", ColumnType.LONG);
    assertThat(SchemaChanges.reconcile(pinned, narrowText, stop).notes()).isEmpty();
  }

  @Test
  void filesThatComeTogetherShareTheWidestTypes() {
    List<Reconciled> both =
        SchemaChanges.reconcile(
            ColumnTypes.empty(),
            List.of(columns(false, "n", ColumnType.LONG), columns(false, "n", ColumnType.DOUBLE)),
            Sources.csv("x").spec());
    assertThat(both).allMatch(one -> one.table().equals(table("n", ColumnType.DOUBLE)));
  }

  @Test
  void namesAreMadeFitForTables() {
    assertThat(ColumnNames.safe("default payment next month"))
        .isEqualTo("default_payment_next_month");
    assertThat(ColumnNames.safe(" Amount (EUR) ")).isEqualTo("Amount_EUR");
    assertThat(ColumnNames.safe("größe.x")).isEqualTo("größe.x");
    assertThat(ColumnNames.safe("_File")).isEqualTo("_File_");
    assertThatThrownBy(() -> ColumnNames.safe(List.of("a b", "A_B"), "f"))
        .isInstanceOf(DataException.class)
        .hasMessage(
            "f: columns 1 (a b) and 2 (A_B) are both named A_B; give other names in `columns`");
    assertThatThrownBy(() -> ColumnNames.safe(List.of("a", ""), "f"))
        .hasMessageStartingWith("f: column 2 of 2 has no name;");
  }

  @Test
  void aTimeColumnOfTextNeedsAPattern() {
    SourceSpec spec = Sources.csv("x").time("t").spec();
    assertThatThrownBy(
            () ->
                SchemaChanges.reconcile(
                    ColumnTypes.empty(), columns(false, "t", ColumnType.STRING), spec))
        .isInstanceOf(SpecException.class)
        .hasMessage(
            "/f.csv: the time column t is a STRING; give its pattern as in formats: {t:"
                + " dd/MM/yyyy}");
  }
}
