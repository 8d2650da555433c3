package dev.castalia.scoring.template;

import com.hubspot.jinjava.interpret.JinjavaInterpreter;
import com.hubspot.jinjava.lib.filter.JoinFilter;
import com.hubspot.jinjava.lib.tag.ForTag;
import com.hubspot.jinjava.tree.TagNode;
import com.hubspot.jinjava.util.ForLoop;
import com.hubspot.jinjava.util.ObjectIterator;
import java.util.List;
import java.util.StringJoiner;

/** What goes over a value's items: to Python a text is one of characters, in code points. */
final class PythonIteration {

  private PythonIteration() {}

  private static Object items(Object value) {
    return value instanceof CharSequence text
        ? text.codePoints().mapToObj(Character::toString).toList()
        : value;
  }

  static final class For extends ForTag {

    private static final long serialVersionUID = 1;

    @Override
    public String renderForCollection(
        TagNode node, JinjavaInterpreter interpreter, List<String> variables, Object collection) {
      return super.renderForCollection(node, interpreter, variables, items(collection));
    }
  }

  /** Every item as {@code str()} writes it. */
  static final class Join extends JoinFilter {

    @Override
    public Object filter(Object value, JinjavaInterpreter interpreter, String... arguments) {
      StringJoiner joined = new StringJoiner(arguments.length > 0 ? arguments[0] : "");
      ForLoop loop = ObjectIterator.getLoop(items(value));
      while (loop.hasNext()) {
        Object item = loop.next();
        joined.add(
            PythonText.str(
                arguments.length > 1 ? interpreter.resolveProperty(item, arguments[1]) : item));
      }
      return joined.toString();
    }
  }
}
