package io.millrace.score;

import io.millrace.config.FeaturesSpec.FeatureKind;
import io.millrace.model.Feature;
import io.millrace.model.Model;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.codegen.CodeBlock;
import org.apache.spark.sql.catalyst.expressions.codegen.CodegenContext;
import org.apache.spark.sql.catalyst.expressions.codegen.ExprCode;
import org.apache.spark.sql.catalyst.expressions.codegen.FalseLiteral$;
import org.apache.spark.sql.catalyst.expressions.codegen.JavaCode;
import org.apache.spark.sql.classic.ExpressionUtils;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.unsafe.types.UTF8String;
import scala.collection.immutable.IndexedSeq;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/**
 * A model's scores as an expression that takes part in whole-stage code generation: the features'
 * values go from the reader's columns into the task's {@link RowScorer}, without a Row, a Vector or
 * a String.
 */
public final class ScoreExpression extends Expression implements Serializable {

  private static final long serialVersionUID = 1L;

  private final Model model;
  private final Seq<Expression> children;
  private transient RowScorer interpreted;

  private ScoreExpression(Model model, Seq<Expression> children) {
    this.model = model;
    this.children = children;
  }

  /**
   * The scores of a model.
   *
   * @param columnOf the column of a feature's name; numbers are cast to double, categories to
   *     string
   * @return a double for a model of one output, an array of doubles for more; never null
   */
  public static Column of(Model model, Function<String, Column> columnOf) {
    List<Expression> children = new ArrayList<>();
    for (Feature feature : model.encoders().schema().features()) {
      Column column = columnOf.apply(feature.name()).cast(type(feature.kind()));
      children.add(ExpressionUtils.expression(column));
    }
    return ExpressionUtils.column(
        new ScoreExpression(model, CollectionConverters.asScala(children).toIndexedSeq()));
  }

  private static DataType type(FeatureKind kind) {
    return switch (kind) {
      case NUMERIC -> DataTypes.DoubleType;
      case CATEGORY -> DataTypes.StringType;
      case BOOLEAN -> DataTypes.BooleanType;
    };
  }

  @Override
  public DataType dataType() {
    return model.outputs() == 1
        ? DataTypes.DoubleType
        : DataTypes.createArrayType(DataTypes.DoubleType, false);
  }

  @Override
  public boolean nullable() {
    return false;
  }

  @Override
  public ExprCode doGenCode(CodegenContext context, ExprCode result) {
    String stored = context.addReferenceObj("model", model, Model.class.getName());
    String type = RowScorer.class.getName();
    String scorer =
        context.addMutableState(
            type, "scorer", name -> name + " = new " + type + "(" + stored + ");", true, true);
    List<String> fills = new ArrayList<>();
    for (int i = 0; i < children.size(); i++) {
      ExprCode child = children.apply(i).genCode(context);
      fills.add(
          "%s\nif (!%s) {\n  %s.set(%d, %s);\n}\n"
              .formatted(child.code(), child.isNull(), scorer, i, child.value()));
    }
    String code =
        "%s.clear();\n%s\nfinal %s %s = %s.%s();\n"
            .formatted(
                scorer,
                split(context, fills),
                model.outputs() == 1 ? "double" : "ArrayData",
                result.value(),
                scorer,
                model.outputs() == 1 ? "score" : "scores");
    return result.copy(block(code), FalseLiteral$.MODULE$, result.value());
  }

  /** Outside whole-stage code, methods that the JIT compiler takes: it refuses over 8,000 bytes. */
  private static String split(CodegenContext context, List<String> fills) {
    return context.splitExpressionsWithCurrentInputs(
        CollectionConverters.asScala(fills).toIndexedSeq(),
        "setFeatures",
        context.splitExpressionsWithCurrentInputs$default$3(),
        context.splitExpressionsWithCurrentInputs$default$4(),
        context.splitExpressionsWithCurrentInputs$default$5(),
        context.splitExpressionsWithCurrentInputs$default$6());
  }

  private static CodeBlock block(String code) {
    List<JavaCode> inputs = List.of();
    return new CodeBlock(
        CollectionConverters.asScala(List.of(code)).toIndexedSeq(),
        CollectionConverters.asScala(inputs).toIndexedSeq());
  }

  /** The way without generated code: slower, the same scores. */
  @Override
  public Object eval(InternalRow input) {
    if (interpreted == null) {
      interpreted = new RowScorer(model);
    }
    interpreted.clear();
    for (int i = 0; i < children.size(); i++) {
      Object value = children.apply(i).eval(input);
      if (value instanceof Double number) {
        interpreted.set(i, number.doubleValue());
      } else if (value instanceof UTF8String text) {
        interpreted.set(i, text);
      } else if (value instanceof Boolean flag) {
        interpreted.set(i, flag.booleanValue());
      }
    }
    return model.outputs() == 1 ? (Object) interpreted.score() : interpreted.scores();
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
    return new ScoreExpression(model, newChildren);
  }

  @Override
  public String prettyName() {
    return "score";
  }

  /** Children only: a plan's text doesn't spell out a model. */
  @Override
  public String toString() {
    return "score(" + children.mkString(", ") + ")";
  }

  @Override
  public int productArity() {
    return 2;
  }

  @Override
  public Object productElement(int index) {
    return index == 0 ? model : children;
  }

  @Override
  public boolean canEqual(Object other) {
    return other instanceof ScoreExpression;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ScoreExpression that
        && (model == that.model || model.equals(that.model))
        && children.equals(that.children);
  }

  @Override
  public int hashCode() {
    return Objects.hash(model.predictor().outputs(), children);
  }
}
