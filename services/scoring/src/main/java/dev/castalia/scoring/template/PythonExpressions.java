package dev.castalia.scoring.template;

import com.hubspot.jinjava.el.ExtendedSyntaxBuilder;
import com.hubspot.jinjava.el.TruthyTypeConverter;
import com.hubspot.jinjava.el.ext.AdditionOperator;
import com.hubspot.jinjava.el.ext.ExtendedParser;
import java.util.Set;
import jinjava.de.odysseus.el.ExpressionFactoryImpl;
import jinjava.de.odysseus.el.misc.TypeConverter;
import jinjava.de.odysseus.el.tree.Bindings;
import jinjava.de.odysseus.el.tree.TreeStore;
import jinjava.de.odysseus.el.tree.impl.Builder;
import jinjava.de.odysseus.el.tree.impl.Cache;
import jinjava.de.odysseus.el.tree.impl.Parser;
import jinjava.de.odysseus.el.tree.impl.ast.AstBinary;
import jinjava.de.odysseus.el.tree.impl.ast.AstNode;
import jinjava.de.odysseus.el.tree.impl.ast.AstRightValue;
import jinjava.javax.el.ELContext;
import jinjava.javax.el.ExpressionFactory;

/**
 * Jinjava's expressions with Python's operators where Java's differ: values of different types are
 * unequal rather than converted, and True and False count as 1 and 0.
 */
final class PythonExpressions extends ExtendedSyntaxBuilder {

  private static final long serialVersionUID = 1;

  private static final int CACHED = 1000;

  private static final Set<AstBinary.Operator> OF_NUMBERS =
      Set.of(
          AdditionOperator.OP,
          AstBinary.SUB,
          AstBinary.MUL,
          AstBinary.DIV,
          AstBinary.MOD,
          AstBinary.LT,
          AstBinary.LE,
          AstBinary.GT,
          AstBinary.GE);

  private PythonExpressions() {
    super(Builder.Feature.METHOD_INVOCATIONS, Builder.Feature.VARARGS);
  }

  static ExpressionFactory factory() {
    return new ExpressionFactoryImpl(
        new TreeStore(new PythonExpressions(), new Cache(CACHED)), new TruthyTypeConverter());
  }

  @Override
  protected Parser createParser(String expression) {
    return new PythonParser(this, expression);
  }

  private static final class PythonParser extends ExtendedParser {

    PythonParser(Builder builder, String expression) {
      super(builder, expression);
    }

    @Override
    protected AstBinary createAstBinary(AstNode left, AstNode right, AstBinary.Operator operator) {
      if (operator == AstBinary.EQ) {
        return super.createAstBinary(left, right, new Equality(true));
      }
      if (operator == AstBinary.NE) {
        return super.createAstBinary(left, right, new Equality(false));
      }
      if (OF_NUMBERS.contains(operator)) {
        return super.createAstBinary(new Operand(left), new Operand(right), operator);
      }
      return super.createAstBinary(left, right, operator);
    }
  }

  private static final class Equality extends AstBinary.SimpleOperator {

    private final boolean equal;

    Equality(boolean equal) {
      this.equal = equal;
    }

    @Override
    protected Object apply(TypeConverter converter, Object left, Object right) {
      return PythonEquality.equal(left, right) == equal;
    }

    @Override
    public String toString() {
      return equal ? "==" : "!=";
    }
  }

  /** An operand of which a boolean is a number. */
  private static final class Operand extends AstRightValue {

    private final AstNode node;

    Operand(AstNode node) {
      this.node = node;
    }

    @Override
    public Object eval(Bindings bindings, ELContext context) {
      Object value = node.eval(bindings, context);
      return value instanceof Boolean truth ? (Object) (truth ? 1L : 0L) : value;
    }

    @Override
    public void appendStructure(StringBuilder builder, Bindings bindings) {
      node.appendStructure(builder, bindings);
    }

    @Override
    public int getCardinality() {
      return 1;
    }

    @Override
    public AstNode getChild(int index) {
      return index == 0 ? node : null;
    }
  }
}
