package io.millrace.ingest;

import io.millrace.table.OwnExpression;
import java.util.List;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.BoundReference;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.codegen.CodeGenerator;
import org.apache.spark.sql.catalyst.expressions.codegen.CodegenContext;
import org.apache.spark.sql.catalyst.expressions.codegen.ExprCode;
import org.apache.spark.sql.catalyst.expressions.codegen.ExprValue;
import org.apache.spark.sql.catalyst.expressions.codegen.JavaCode;
import org.apache.spark.sql.types.DataType;
import scala.collection.immutable.IndexedSeq;
import scala.collection.immutable.Seq;

/**
 * In generated code, a value that is a field, so that each method sees it: what a compiled question
 * of {@link Sealed} is about, or its answer. Nothing outside of code generation has one.
 */
final class Given extends OwnExpression {

  private static final long serialVersionUID = 1L;

  private final DataType type;
  private final String value;
  private final String isNull;

  private Given(DataType type, String value, String isNull) {
    super(expressions(List.of()));
    this.type = type;
    this.value = value;
    this.isNull = isNull;
  }

  /** A new field. */
  static Given of(CodegenContext context, DataType type) {
    return new Given(
        type,
        field(context, CodeGenerator.javaType(type), "given"),
        field(context, "boolean", "givenIsNull"));
  }

  private static String field(CodegenContext context, String type, String name) {
    return context.addMutableState(
        type,
        name,
        context.addMutableState$default$3(),
        context.addMutableState$default$4(),
        context.addMutableState$default$5());
  }

  /** Statements that take over a value. */
  String set(ExprCode from) {
    return "%s\n%s = %s;\n%s = %s;\n"
        .formatted(from.code(), isNull, from.isNull(), value, from.value());
  }

  ExprValue isNull() {
    return JavaCode.isNullGlobal(isNull);
  }

  ExprValue value() {
    return JavaCode.global(value, type);
  }

  /** Code of a compiled question about this value; it reads fields only, no row. */
  ExprCode ask(CodegenContext context, Expression compiled) {
    String row = context.INPUT_ROW();
    Seq<ExprCode> variables = context.currentVars();
    context.INPUT_ROW_$eq(null);
    context.currentVars_$eq(null);
    try {
      return Sealed.replaced(compiled, BoundReference.class, this).genCode(context);
    } finally {
      context.INPUT_ROW_$eq(row);
      context.currentVars_$eq(variables);
    }
  }

  @Override
  public DataType dataType() {
    return type;
  }

  @Override
  public boolean nullable() {
    return true;
  }

  @Override
  public ExprCode doGenCode(CodegenContext context, ExprCode result) {
    return result.copy(block(""), isNull(), value());
  }

  @Override
  public Object eval(InternalRow input) {
    throw new IllegalStateException("stands in generated code only");
  }

  @Override
  protected Object content() {
    return value;
  }

  @Override
  public Expression withNewChildrenInternal(IndexedSeq<Expression> none) {
    return this;
  }
}
