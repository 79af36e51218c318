package io.millrace.ingest;

import io.millrace.table.OwnExpression;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.Alias;
import org.apache.spark.sql.catalyst.expressions.AttributeReference;
import org.apache.spark.sql.catalyst.expressions.BoundReference;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.expressions.codegen.CodegenContext;
import org.apache.spark.sql.catalyst.expressions.codegen.ExprCode;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import org.apache.spark.sql.classic.ExpressionUtils;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;
import scala.collection.immutable.IndexedSeq;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;
import scala.runtime.AbstractPartialFunction;

/**
 * What Spark's own expressions say of one value, as one node of a plan. The optimizer goes through
 * all nodes of a plan a hundred times, and a cast with its conditions has thirty: of a thousand
 * columns that takes minutes. Here such a tree is optimized once, by itself, and what a plan holds
 * is a node that keeps it.
 */
final class Sealed extends OwnExpression {

  private static final long serialVersionUID = 1L;
  private static final String VALUE = "value";

  private final Expression inner;
  private transient GenericInternalRow row;

  private Sealed(Expression inner, Seq<Expression> child) {
    super(child);
    this.inner = inner;
  }

  /** The value that a question is about. */
  static Column value() {
    return functions.col(VALUE);
  }

  /**
   * Optimizes questions about a {@link #value}, whatever column it will stand for.
   *
   * @param type of the value
   * @return for each question an expression of the value, bound as the only column of a row
   */
  static List<Expression> compile(SparkSession spark, DataType type, List<Column> questions) {
    StructType schema = new StructType().add(VALUE, type);
    Dataset<Row> rows =
        spark.createDataFrame(new JavaSparkContext(spark.sparkContext()).emptyRDD(), schema);
    List<Column> named = new ArrayList<>();
    for (int i = 0; i < questions.size(); i++) {
      // A name of its own, so that no question is taken for the column itself and left out.
      named.add(questions.get(i).as("q" + i));
    }
    LogicalPlan plan =
        ((org.apache.spark.sql.classic.Dataset<Row>) rows.select(named.toArray(Column[]::new)))
            .queryExecution()
            .optimizedPlan();
    BoundReference first = new BoundReference(0, type, true);
    return CollectionConverters.asJava(((Project) plan).projectList()).stream()
        .map(one -> replaced(((Alias) one).child(), AttributeReference.class, first))
        .toList();
  }

  /** An expression with another one in the place of all those of a class. */
  static Expression replaced(
      Expression expression, Class<? extends Expression> former, Expression by) {
    return expression.transformUp(
        new AbstractPartialFunction<Expression, Expression>() {
          @Override
          public boolean isDefinedAt(Expression one) {
            return former.isInstance(one);
          }

          @Override
          public Expression apply(Expression one) {
            return by;
          }
        });
  }

  /** A compiled question, asked of a column. */
  static Column ask(Expression compiled, Column column) {
    return ExpressionUtils.column(new Sealed(compiled, expressions(List.of(column))));
  }

  private Expression child() {
    return children().head();
  }

  @Override
  protected Object content() {
    return inner;
  }

  @Override
  public DataType dataType() {
    return inner.dataType();
  }

  @Override
  public boolean nullable() {
    return inner.nullable();
  }

  /**
   * The answer has a method of its own, which reads and writes fields: within whole-stage code, the
   * casts of forty columns would be more than the JVM compiles as one.
   */
  @Override
  public ExprCode doGenCode(CodegenContext context, ExprCode result) {
    Given given = Given.of(context, child().dataType());
    Given answer = Given.of(context, inner.dataType());
    String body = answer.set(given.ask(context, inner));
    String name = context.freshName("cell");
    String called =
        context.addNewFunction(name, "private void %s() {\n%s}\n".formatted(name, body), false);
    String code = given.set(child().genCode(context)) + called + "();\n";
    return result.copy(block(code), answer.isNull(), answer.value());
  }

  @Override
  public Object eval(InternalRow input) {
    if (row == null) {
      row = new GenericInternalRow(1);
    }
    row.update(0, child().eval(input));
    return inner.eval(row);
  }

  @Override
  public Expression withNewChildrenInternal(IndexedSeq<Expression> newChildren) {
    return new Sealed(inner, newChildren);
  }

  @Override
  public String prettyName() {
    return "cell";
  }
}
