package io.millrace.ingest;

import io.millrace.table.OwnExpression;
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
 * Two longs as 32 hex digits, lower case: {@code concat(lpad(lower(hex(a)), 16, '0'),
 * lpad(lower(hex(b)), 16, '0'))}. Spark's {@code lower} loads tables of all scripts, a second of a
 * short command, and makes four texts of each half.
 */
public final class HexDigits extends OwnExpression {

  private static final long serialVersionUID = 1L;
  private static final byte[] DIGITS = {
    '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'
  };

  private HexDigits(Seq<Expression> children) {
    super(children);
  }

  /** The digits of two columns of longs without nulls, the first one's before the second one's. */
  static Column of(Column first, Column second) {
    return ExpressionUtils.column(new HexDigits(expressions(List.of(first, second))));
  }

  /** Generated code calls it. */
  public static UTF8String text(long first, long second) {
    byte[] text = new byte[32];
    for (int i = 0; i < 16; i++) {
      text[i] = DIGITS[(int) (first >>> (60 - 4 * i)) & 15];
      text[16 + i] = DIGITS[(int) (second >>> (60 - 4 * i)) & 15];
    }
    return UTF8String.fromBytes(text);
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
    ExprCode first = children().apply(0).genCode(context);
    ExprCode second = children().apply(1).genCode(context);
    String code =
        "%s\n%s\nfinal UTF8String %s = %s.text(%s, %s);\n"
            .formatted(
                first.code(),
                second.code(),
                result.value(),
                HexDigits.class.getName(),
                first.value(),
                second.value());
    return result.copy(block(code), FalseLiteral$.MODULE$, result.value());
  }

  @Override
  public Object eval(InternalRow input) {
    Object first = children().apply(0).eval(input);
    Object second = children().apply(1).eval(input);
    return text((Long) first, (Long) second);
  }

  @Override
  protected Object content() {
    return "";
  }

  @Override
  public Expression withNewChildrenInternal(IndexedSeq<Expression> newChildren) {
    return new HexDigits(newChildren);
  }
}
