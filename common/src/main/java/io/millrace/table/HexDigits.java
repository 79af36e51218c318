package io.millrace.table;

import java.util.List;
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
 * Longs as 16 hex digits each, lower case, one after the other: {@code lpad(lower(hex(a)), 16,
 * '0')}. Spark's {@code lower} loads tables of all scripts, a second of a short command, and four
 * texts are made on the way.
 */
public final class HexDigits extends OwnExpression {

  private static final long serialVersionUID = 1L;
  private static final byte[] DIGITS = {
    '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'
  };

  private HexDigits(Seq<Expression> children) {
    super(children);
  }

  /** The digits of columns of longs without nulls. */
  public static Column of(Column... longs) {
    return ExpressionUtils.column(new HexDigits(expressions(List.of(longs))));
  }

  /** Writes a long's digits; generated code calls it. */
  public static void write(long value, byte[] text, int from) {
    for (int i = 0; i < 16; i++) {
      text[from + i] = DIGITS[(int) (value >>> (60 - 4 * i)) & 15];
    }
  }

  @Override
  public DataType dataType() {
    return DataTypes.StringType;
  }

  @Override
  public boolean nullable() {
    return false;
  }

  @Override
  public ExprCode doGenCode(CodegenContext context, ExprCode result) {
    String text = context.freshName("digits");
    StringBuilder code = new StringBuilder();
    code.append("final byte[] %s = new byte[%d];\n".formatted(text, 16 * children().size()));
    for (int i = 0; i < children().size(); i++) {
      ExprCode child = children().apply(i).genCode(context);
      code.append(
          "%s\n%s.write(%s, %s, %d);\n"
              .formatted(child.code(), HexDigits.class.getName(), child.value(), text, 16 * i));
    }
    code.append(
        "final UTF8String %s = UTF8String.fromBytes(%s);\n".formatted(result.value(), text));
    return result.copy(block(code.toString()), FalseLiteral$.MODULE$, result.value());
  }

  @Override
  public Object eval(InternalRow input) {
    byte[] text = new byte[16 * children().size()];
    for (int i = 0; i < children().size(); i++) {
      write((Long) children().apply(i).eval(input), text, 16 * i);
    }
    return UTF8String.fromBytes(text);
  }

  @Override
  public Expression withNewChildrenInternal(IndexedSeq<Expression> newChildren) {
    return new HexDigits(newChildren);
  }
}
