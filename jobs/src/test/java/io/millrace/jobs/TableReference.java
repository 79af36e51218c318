package io.millrace.jobs;

import io.millrace.Task;
import io.millrace.branch.Branches;
import io.millrace.config.ConfFolder;
import io.millrace.config.EnvSpec;
import io.millrace.config.PipelineSpec;
import io.millrace.config.SpecReader;
import io.millrace.config.Variables;
import io.millrace.diff.DiffTable;
import io.millrace.erase.Receipts;
import io.millrace.erase.Tombstones;
import io.millrace.features.FeatureBuilder;
import io.millrace.features.FeaturePlan;
import io.millrace.ingest.ColumnTypes;
import io.millrace.label.LabelBuilder;
import io.millrace.retain.PinLog;
import io.millrace.retain.VacuumLog;
import io.millrace.table.FileLedger;
import io.millrace.table.MergeLog;
import io.millrace.table.RunLog;
import io.millrace.table.TableDefinition;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * The lists of columns in {@code docs/tables.md}, made from the code's definitions of the tables.
 * Columns that come out of a spec are those of the demo's pipeline, shown for a few columns of its
 * source.
 */
final class TableReference {

  /**
   * A table as one sort of spec has it.
   *
   * @param when the sort, in words; told beside columns that not all sorts have
   */
  record Form(String when, TableDefinition definition) {}

  private static final StructType CONTACTS =
      new StructType()
          .add("contact_id", DataTypes.StringType)
          .add("contact_date", DataTypes.DateType)
          .add("age", DataTypes.LongType)
          .add("job", DataTypes.StringType)
          .add("contact", DataTypes.StringType)
          .add("poutcome", DataTypes.StringType)
          .add("pdays", DataTypes.LongType)
          .add("duration", DataTypes.LongType);

  private static final StructType OUTCOMES =
      new StructType().add("contact_id", DataTypes.StringType).add("y", DataTypes.StringType);

  private static final Map<String, String> PER_ENTITY = Map.of("population.per", "entity");
  private static final Map<String, String> BY_FILE =
      Map.of("population.per", "entity", "split", "{kind: by-file, test: 'test*', tune: 0.2}");

  private final Path conf;

  TableReference(Path conf) {
    this.conf = conf;
  }

  /** The forms of each table, by the folder that the table lies in. */
  Map<String, List<Form>> tables() {
    PipelineSpec bank = spec("bank", Map.of());
    ColumnTypes types = ColumnTypes.of(CONTACTS);
    Map<String, List<Form>> tables = new LinkedHashMap<>();
    tables.put(
        "raw",
        List.of(
            new Form("`load: append` and `time`", RawTables.raw(bank, "bank_contacts", types)),
            new Form("otherwise", RawTables.raw(bank, "bank_outcomes", types)),
            new Form(
                "without `key`",
                RawTables.raw(spec("bank-full", Map.of()), "bank_full_contacts", types))));
    tables.put("quarantine", List.of(new Form("", RawTables.quarantine("bank_contacts"))));
    tables.put("labels", List.of(new Form("", LabelBuilder.definition(bank, OUTCOMES))));
    tables.put(
        "features",
        List.of(
            new Form("", features(spec("bank", PER_ENTITY))),
            new Form("`per: event`", features(bank)),
            new Form("`split: by-file`", features(spec("bank", BY_FILE)))));
    tables.put("diffs", List.of(new Form("", DiffTable.definition("bank"))));
    StructType made = features(bank).schema();
    tables.put("scored", tasks(tasked -> PredictionTables.scored(bank, tasked, made)));
    tables.put("predictions", tasks(tasked -> PredictionTables.predictions(bank, tasked, made)));
    List.of(
            RunLog.definition(),
            FileLedger.definition(),
            ResultTables.profiles(),
            ResultTables.checks(),
            ResultTables.models(),
            ResultTables.trials(),
            ResultTables.leaks(),
            ResultTables.metrics(),
            ResultTables.curves(),
            ResultTables.gates(),
            ResultTables.promotions(),
            ResultTables.drift(),
            ResultTables.verdicts(),
            ResultTables.releases(),
            ResultTables.announced(),
            Receipts.definition(),
            Tombstones.definition(),
            PinLog.definition(),
            VacuumLog.definition(),
            Branches.definition(),
            MergeLog.definition())
        .forEach(table -> tables.put(table.name(), List.of(new Form("", table))));
    return tables;
  }

  private static List<Form> tasks(java.util.function.Function<Task, TableDefinition> of) {
    return List.of(
        new Form("two classes", of.apply(Task.BINARY)),
        new Form("more classes", of.apply(Task.MULTI_CLASS)),
        new Form("a number", of.apply(Task.REGRESSION)));
  }

  private static TableDefinition features(PipelineSpec spec) {
    FeaturePlan plan = FeaturePlan.of(spec, CONTACTS, List.of(), sql -> DataTypes.BooleanType);
    return FeatureBuilder.definition(spec, plan, CONTACTS);
  }

  private PipelineSpec spec(String name, Map<String, String> overrides) {
    Variables none = Variables.of(Map.of(), Map.of());
    EnvSpec env = ConfFolder.env(conf, "local", none);
    return SpecReader.pipeline(conf.resolve(name + ".yaml"), none.with(env), overrides);
  }

  /** Schemas by the name that a query gives to the table, for the demo's pipeline and another. */
  Map<String, StructType> views(String other) {
    Map<String, StructType> views = new TreeMap<>();
    for (List<Form> forms : tables().values()) {
      for (Form form : forms) {
        String name = form.definition().name();
        views.putIfAbsent(SqlVerb.view(name), form.definition().schema());
        views.putIfAbsent(
            SqlVerb.view(name.replace("/bank", "/" + other)), form.definition().schema());
      }
    }
    views.put(
        "raw_bank_outcomes",
        RawTables.raw(spec("bank", Map.of()), "bank_outcomes", ColumnTypes.of(OUTCOMES)).schema());
    return views;
  }

  /** What stands between the marks of a table. */
  static String markdown(List<Form> forms) {
    TableDefinition first = forms.get(0).definition();
    StringBuilder out = new StringBuilder("\n");
    out.append("Partition: `").append(first.partitionBy().orElseThrow()).append("`. ");
    out.append("Statistics: ").append(words(first.statistics())).append(".\n\n");
    out.append("| column | type | meaning |\n|---|---|---|\n");
    rows(forms).forEach(row -> out.append(row).append('\n'));
    return out.append('\n').toString();
  }

  private static String words(List<String> names) {
    return names.stream().map(name -> "`" + name + "`").collect(Collectors.joining(", "));
  }

  /** The columns of the first form; those of others beside their namesake, or where they stand. */
  private static List<String> rows(List<Form> forms) {
    List<StructField> fields = new ArrayList<>();
    Map<StructField, Set<Integer>> found = new LinkedHashMap<>();
    for (int i = 0; i < forms.size(); i++) {
      int at = 0;
      for (StructField field : forms.get(i).definition().schema().fields()) {
        int known = fields.indexOf(field);
        if (known < 0) {
          at = Math.max(at, lastOf(fields, field.name()) + 1);
          fields.add(at, field);
        } else {
          at = known;
        }
        found.computeIfAbsent(field, f -> new TreeSet<>()).add(i);
        at++;
      }
    }
    return fields.stream().map(field -> row(field, found.get(field), forms)).toList();
  }

  private static int lastOf(List<StructField> fields, String name) {
    int last = -1;
    for (int i = 0; i < fields.size(); i++) {
      last = fields.get(i).name().equals(name) ? i : last;
    }
    return last;
  }

  private static String row(StructField field, Set<Integer> found, List<Form> forms) {
    String when =
        found.size() == forms.size() ? "" : "*" + forms.get(found.iterator().next()).when() + ":* ";
    return "| `%s` | `%s` | %s%s |"
        .formatted(
            field.name(),
            field.dataType().simpleString(),
            when,
            field.getComment().get().replace("|", "\\|"));
  }
}
