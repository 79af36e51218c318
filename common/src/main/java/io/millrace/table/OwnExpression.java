package io.millrace.table;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.codegen.Block;
import org.apache.spark.sql.catalyst.expressions.codegen.CodeBlock;
import org.apache.spark.sql.catalyst.expressions.codegen.CodegenContext;
import org.apache.spark.sql.catalyst.expressions.codegen.JavaCode;
import org.apache.spark.sql.classic.ExpressionUtils;
import scala.collection.immutable.IndexedSeq;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/**
 * An expression of our own in a plan of Spark. Its children are nodes of the plan; what else it
 * computes with is not, so that no rule of the optimizer goes through it.
 */
public abstract class OwnExpression extends Expression implements Serializable {

  private static final long serialVersionUID = 1L;

  private final Seq<Expression> children;

  protected OwnExpression(Seq<Expression> children) {
    this.children = children;
  }

  /** Columns as children. */
  protected static IndexedSeq<Expression> expressions(List<Column> columns) {
    List<Expression> expressions = new ArrayList<>();
    columns.forEach(column -> expressions.add(ExpressionUtils.expression(column)));
    return CollectionConverters.asScala(expressions).toIndexedSeq();
  }

  /** What it computes with beside its children: where both are equal, so are two expressions. */
  protected Object content() {
    return "";
  }

  /** Statements as code without blanks to fill. */
  protected static Block block(String code) {
    List<JavaCode> inputs = List.of();
    return new CodeBlock(
        CollectionConverters.asScala(List.of(code)).toIndexedSeq(),
        CollectionConverters.asScala(inputs).toIndexedSeq());
  }

  /**
   * Outside whole-stage code, methods that the JIT compiler takes: it refuses over 8,000 bytes.
   *
   * @param name of the methods
   */
  protected static String split(CodegenContext context, String name, List<String> code) {
    return context.splitExpressionsWithCurrentInputs(
        CollectionConverters.asScala(code).toIndexedSeq(),
        name,
        context.splitExpressionsWithCurrentInputs$default$3(),
        context.splitExpressionsWithCurrentInputs$default$4(),
        context.splitExpressionsWithCurrentInputs$default$5(),
        context.splitExpressionsWithCurrentInputs$default$6());
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

  /** Children only: a plan's text doesn't spell out a model. */
  @Override
  public String toString() {
    return prettyName() + "(" + children.mkString(", ") + ")";
  }

  @Override
  public int productArity() {
    return 2;
  }

  @Override
  public Object productElement(int index) {
    return index == 0 ? content() : children;
  }

  @Override
  public boolean canEqual(Object other) {
    return getClass().isInstance(other);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof OwnExpression that
        && getClass() == that.getClass()
        && Objects.equals(content(), that.content())
        && children.equals(that.children);
  }

  @Override
  public int hashCode() {
    return Objects.hash(getClass().getName(), children);
  }
}
