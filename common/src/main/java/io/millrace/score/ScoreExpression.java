package io.millrace.score;

import io.millrace.config.FeaturesSpec.FeatureKind;
import io.millrace.model.Feature;
import io.millrace.model.Model;
import io.millrace.table.OwnExpression;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.codegen.CodegenContext;
import org.apache.spark.sql.catalyst.expressions.codegen.ExprCode;
import org.apache.spark.sql.catalyst.expressions.codegen.FalseLiteral$;
import org.apache.spark.sql.classic.ExpressionUtils;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.unsafe.types.UTF8String;
import scala.collection.immutable.IndexedSeq;
import scala.collection.immutable.Seq;

/**
 * A model's scores as an expression that takes part in whole-stage code generation: the features'
 * values go from the reader's columns into the task's {@link RowScorer}, without a Row, a Vector or
 * a String.
 */
public final class ScoreExpression extends OwnExpression {

  private static final long serialVersionUID = 1L;

  private final Model model;
  private transient RowScorer interpreted;

  private ScoreExpression(Model model, Seq<Expression> children) {
    super(children);
    this.model = model;
  }

  /**
   * The scores of a model.
   *
   * @param columnOf the column of a feature's name; numbers are cast to double, categories to
   *     string
   * @return a double for a model of one output, an array of doubles for more; never null
   */
  public static Column of(Model model, Function<String, Column> columnOf) {
    List<Column> children = new ArrayList<>();
    for (Feature feature : model.encoders().schema().features()) {
      children.add(columnOf.apply(feature.name()).cast(type(feature.kind())));
    }
    return ExpressionUtils.column(new ScoreExpression(model, expressions(children)));
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
    for (int i = 0; i < children().size(); i++) {
      ExprCode child = children().apply(i).genCode(context);
      fills.add(
          "%s\nif (!%s) {\n  %s.set(%d, %s);\n}\n"
              .formatted(child.code(), child.isNull(), scorer, i, child.value()));
    }
    String code =
        "%s.clear();\n%s\nfinal %s %s = %s.%s();\n"
            .formatted(
                scorer,
                split(context, "setFeatures", fills),
                model.outputs() == 1 ? "double" : "ArrayData",
                result.value(),
                scorer,
                model.outputs() == 1 ? "score" : "scores");
    return result.copy(block(code), FalseLiteral$.MODULE$, result.value());
  }

  /** The way without generated code: slower, the same scores. */
  @Override
  public Object eval(InternalRow input) {
    if (interpreted == null) {
      interpreted = new RowScorer(model);
    }
    interpreted.clear();
    for (int i = 0; i < children().size(); i++) {
      Object value = children().apply(i).eval(input);
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

  @Override
  protected Object content() {
    return model;
  }

  @Override
  public Expression withNewChildrenInternal(IndexedSeq<Expression> newChildren) {
    return new ScoreExpression(model, newChildren);
  }

  @Override
  public String prettyName() {
    return "score";
  }
}
