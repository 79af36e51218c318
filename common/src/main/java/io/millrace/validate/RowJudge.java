package io.millrace.validate;

import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.json.JSONOptions;
import org.apache.spark.sql.catalyst.json.JacksonGenerator;
import org.apache.spark.sql.types.StructField;

/** Makes a {@link BrokenRow} of a row that breaks rules. For one task. */
final class RowJudge {

  private final ScanPlan plan;
  private final StringWriter text = new StringWriter();
  private JacksonGenerator json;

  RowJudge(ScanPlan plan) {
    this.plan = plan;
  }

  /** Judges a row without counting; which rules it breaks, and whether one quarantines. */
  boolean judge(InternalRow row, boolean[] breaks) {
    boolean carried = false;
    for (int i = 0; i < breaks.length; i++) {
      ScanPlan.Rule rule = plan.rules().get(i);
      breaks[i] = rule.test().breaks(row);
      carried |= breaks[i] && rule.quarantines();
    }
    return carried;
  }

  BrokenRow broken(InternalRow row, boolean[] breaks) {
    List<String> rules = new ArrayList<>();
    for (int i = 0; i < breaks.length; i++) {
      if (breaks[i]) {
        ScanPlan.Rule rule = plan.rules().get(i);
        rules.add(rule.id() + ": " + rule.test().reason(row));
      }
    }
    return new BrokenRow(
        row.getUTF8String(plan.group()).toString(),
        row.getUTF8String(plan.rowId()).toString(),
        rules.toArray(String[]::new),
        json(row));
  }

  private String json(InternalRow row) {
    if (json == null) {
      json = new JacksonGenerator(plan.measured(), text, options());
    }
    StructField[] fields = plan.measured().fields();
    Object[] values = new Object[fields.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = row.get(i, fields[i].dataType());
    }
    text.getBuffer().setLength(0);
    json.write(new GenericInternalRow(values));
    json.flush();
    return text.toString();
  }

  private static JSONOptions options() {
    return new JSONOptions(
        scala.collection.immutable.Map.from(
            scala.jdk.javaapi.CollectionConverters.asScala(new TreeMap<String, String>())),
        "UTC",
        "");
  }
}
