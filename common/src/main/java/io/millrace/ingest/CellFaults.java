package io.millrace.ingest;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.expressions.codegen.CodegenContext;
import org.apache.spark.sql.catalyst.expressions.codegen.ExprCode;
import org.apache.spark.sql.catalyst.expressions.codegen.JavaCode;
import org.apache.spark.sql.catalyst.util.GenericArrayData;
import org.apache.spark.sql.classic.ExpressionUtils;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import scala.Tuple2;
import scala.collection.immutable.IndexedSeq;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/**
 * The numbers of the faults that a row's cells have, null where there are none: all columns' {@link
 * Sealed} questions in one node of the plan.
 */
final class CellFaults extends Expression implements Serializable {

  private static final long serialVersionUID = 1L;

  private final List<Expression> questions;
  private final int[] cells;
  private final Seq<Expression> children;
  private transient GenericInternalRow row;

  private CellFaults(List<Expression> questions, int[] cells, Seq<Expression> children) {
    this.questions = questions;
    this.cells = cells;
    this.children = children;
  }

  /**
   * The faults of a row.
   *
   * @param questions compiled, one for each fault; whose answer is true has it
   * @param cells of which column each question is asked
   * @param columns the columns
   * @return an array of positions in {@code questions}, in order
   */
  static Column of(List<Expression> questions, int[] cells, List<Column> columns) {
    List<Expression> children = new ArrayList<>();
    columns.forEach(column -> children.add(ExpressionUtils.expression(column)));
    return ExpressionUtils.column(
        new CellFaults(
            List.copyOf(questions),
            cells.clone(),
            CollectionConverters.asScala(children).toIndexedSeq()));
  }

  @Override
  public DataType dataType() {
    return DataTypes.createArrayType(DataTypes.IntegerType, false);
  }

  @Override
  public boolean nullable() {
    return true;
  }

  /** What generated code collects a row's faults in. */
  public static final class Found {

    private final List<Integer> found = new ArrayList<>();

    public void clear() {
      found.clear();
    }

    public void add(int fault) {
      found.add(fault);
    }

    public boolean isEmpty() {
      return found.isEmpty();
    }

    public GenericArrayData array() {
      return new GenericArrayData(found.toArray());
    }
  }

  @Override
  public ExprCode doGenCode(CodegenContext context, ExprCode result) {
    String type = Found.class.getCanonicalName();
    String found =
        context.addMutableState(
            type, "found", name -> name + " = new " + type + "();", false, true);
    List<Given> given = new ArrayList<>();
    List<String> values = new ArrayList<>();
    for (int i = 0; i < children.size(); i++) {
      Given one = Given.of(context, children.apply(i).dataType());
      given.add(one);
      values.add(one.set(children.apply(i).genCode(context)));
    }
    List<String> asked = new ArrayList<>();
    for (int i = 0; i < cells.length; i++) {
      ExprCode answer = given.get(cells[i]).ask(context, questions.get(i));
      asked.add(
          "%s\nif (!%s && %s) {\n  %s.add(%d);\n}\n"
              .formatted(answer.code(), answer.isNull(), answer.value(), found, i));
    }
    String text =
        "%s.clear();\n%s\n%s\nfinal boolean %s = %s.isEmpty();\nfinal ArrayData %s = %s ? null : %s.array();\n"
            .formatted(
                found,
                split(context, values),
                methods(context, asked),
                result.isNull(),
                found,
                result.value(),
                result.isNull(),
                found);
    return result.copy(
        Given.block(text), JavaCode.isNullVariable(result.isNull().code()), result.value());
  }

  /** Methods that the JIT compiler takes: it refuses over 8,000 bytes. They see fields only. */
  private static String methods(CodegenContext context, List<String> code) {
    List<Tuple2<String, String>> none = List.of();
    return context.splitExpressions(
        CollectionConverters.asScala(code).toIndexedSeq(),
        "findFaults",
        CollectionConverters.asScala(none).toSeq(),
        context.splitExpressions$default$4(),
        context.splitExpressions$default$5(),
        context.splitExpressions$default$6());
  }

  /** Methods too, but where the values are variables of whole-stage code. */
  private static String split(CodegenContext context, List<String> code) {
    return context.splitExpressionsWithCurrentInputs(
        CollectionConverters.asScala(code).toIndexedSeq(),
        "takeCells",
        context.splitExpressionsWithCurrentInputs$default$3(),
        context.splitExpressionsWithCurrentInputs$default$4(),
        context.splitExpressionsWithCurrentInputs$default$5(),
        context.splitExpressionsWithCurrentInputs$default$6());
  }

  @Override
  public Object eval(InternalRow input) {
    if (row == null) {
      row = new GenericInternalRow(1);
    }
    List<Object> found = null;
    for (int i = 0; i < cells.length; i++) {
      row.update(0, children.apply(cells[i]).eval(input));
      if (Boolean.TRUE.equals(questions.get(i).eval(row))) {
        found = found == null ? new ArrayList<>() : found;
        found.add(i);
      }
    }
    return found == null ? null : new GenericArrayData(found.toArray());
  }

  /** Its scratch is not shared: each projection takes a copy. */
  @Override
  public boolean stateful() {
    return true;
  }

  @Override
  public Seq<Expression> children() {
    return children;
  }

  @Override
  public Expression withNewChildrenInternal(IndexedSeq<Expression> newChildren) {
    return new CellFaults(questions, cells, newChildren);
  }

  @Override
  public String prettyName() {
    return "faults";
  }

  @Override
  public String toString() {
    return "faults(" + children.mkString(", ") + ")";
  }

  @Override
  public int productArity() {
    return 3;
  }

  @Override
  public Object productElement(int index) {
    return List.of(questions, Arrays.stream(cells).boxed().toList(), children).get(index);
  }

  @Override
  public boolean canEqual(Object other) {
    return other instanceof CellFaults;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof CellFaults that
        && Arrays.equals(cells, that.cells)
        && children.equals(that.children)
        && questions.equals(that.questions);
  }

  @Override
  public int hashCode() {
    return Objects.hash(Arrays.hashCode(cells), children);
  }
}
