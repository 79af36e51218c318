package io.millrace.ingest;

import io.millrace.table.OwnExpression;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.codegen.CodegenContext;
import org.apache.spark.sql.catalyst.expressions.codegen.ExprCode;
import org.apache.spark.sql.catalyst.expressions.codegen.JavaCode;
import org.apache.spark.sql.catalyst.util.GenericArrayData;
import org.apache.spark.sql.classic.ExpressionUtils;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import scala.collection.immutable.IndexedSeq;
import scala.collection.immutable.Seq;

/** The numbers of the faults that a row's cells have, null where there are none. */
final class CellFaults extends OwnExpression {

  private static final long serialVersionUID = 1L;

  private CellFaults(Seq<Expression> questions) {
    super(questions);
  }

  /**
   * The faults of a row.
   *
   * @param questions one for each fault, such as {@link Sealed#ask}; whose answer is true has it
   * @return an array of positions in {@code questions}, in order
   */
  static Column of(List<Column> questions) {
    return ExpressionUtils.column(new CellFaults(expressions(questions)));
  }

  @Override
  public DataType dataType() {
    return DataTypes.createArrayType(DataTypes.IntegerType, false);
  }

  @Override
  public boolean nullable() {
    return true;
  }

  /** A row's faults as they are found, in generated code and without. */
  public static final class Found {

    private final List<Integer> found = new ArrayList<>();

    public void clear() {
      found.clear();
    }

    public void add(int fault) {
      found.add(fault);
    }

    /** Null where there are none. */
    public GenericArrayData array() {
      return found.isEmpty() ? null : new GenericArrayData(found.toArray());
    }
  }

  @Override
  public ExprCode doGenCode(CodegenContext context, ExprCode result) {
    String type = Found.class.getCanonicalName();
    String found =
        context.addMutableState(
            type, "found", name -> name + " = new " + type + "();", false, true);
    List<String> code = new ArrayList<>();
    for (int i = 0; i < children().size(); i++) {
      ExprCode answer = children().apply(i).genCode(context);
      code.add(
          "%s\nif (!%s && %s) {\n  %s.add(%d);\n}\n"
              .formatted(answer.code(), answer.isNull(), answer.value(), found, i));
    }
    String text =
        "%s.clear();\n%s\nfinal ArrayData %s = %s.array();\nfinal boolean %s = %s == null;\n"
            .formatted(
                found,
                split(context, "findFaults", code),
                result.value(),
                found,
                result.isNull(),
                result.value());
    return result.copy(
        block(text), JavaCode.isNullVariable(result.isNull().code()), result.value());
  }

  @Override
  public Object eval(InternalRow input) {
    Found found = new Found();
    for (int i = 0; i < children().size(); i++) {
      if (Boolean.TRUE.equals(children().apply(i).eval(input))) {
        found.add(i);
      }
    }
    return found.array();
  }

  @Override
  public Expression withNewChildrenInternal(IndexedSeq<Expression> newChildren) {
    return new CellFaults(newChildren);
  }

  @Override
  public String prettyName() {
    return "faults";
  }
}
