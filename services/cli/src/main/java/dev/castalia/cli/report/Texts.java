package dev.castalia.cli.report;

import java.text.MessageFormat;
import java.util.Locale;
import java.util.MissingResourceException;
import java.util.ResourceBundle;

/** The report's sentences in one language. */
final class Texts {

  private final ResourceBundle bundle;
  private final Locale locale;

  Texts(Language language) {
    this.locale = Locale.of(language.tag());
    this.bundle =
        ResourceBundle.getBundle(
            "dev.castalia.cli.report.report",
            locale,
            ResourceBundle.Control.getNoFallbackControl(ResourceBundle.Control.FORMAT_PROPERTIES));
  }

  String of(String key, Object... values) {
    return new MessageFormat(bundle.getString(key), locale).format(values);
  }

  /** The text of a code; the code itself where it is not known. */
  String code(String prefix, String code) {
    try {
      return bundle.getString(prefix + "." + code);
    } catch (MissingResourceException e) {
      return code;
    }
  }

  ResourceBundle bundle() {
    return bundle;
  }

  String language() {
    return locale.getLanguage();
  }
}
