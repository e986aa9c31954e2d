//! HTML: nothing that runs or loads survives its cleaning, and cleaning again changes nothing.

use outbound::mail::html::{Ammonia, HtmlCleaner, Way, remote_images, to_text};

const TAGS: [&str; 14] = [
    "script", "svg", "math", "style", "iframe", "object", "embed", "form", "input", "select", "link", "meta", "base",
    "template",
];
const ATTRIBUTES: [&str; 6] = ["class", "id", "srcset", "action", "background", "formaction"];
const VALUES: [&str; 4] = ["=\"javascript:", "=\"data:", "=\"vbscript:", "url("];

/// HTML in both ways, and its text.
pub fn html(data: &[u8]) {
    let html = String::from_utf8_lossy(data);
    let _ = (to_text(&html), remote_images(&html));
    let cleaner = Ammonia::new();
    for way in [Way::Outbound, Way::Inbound] {
        let cleaned = cleaner.clean(&html, way);
        assert_eq!(cleaner.clean(&cleaned, way), cleaned, "cleaned again");
        let _ = to_text(&cleaned);
        for tag in tags_of(&cleaned) {
            is_harmless(&tag.to_ascii_lowercase(), way);
        }
    }
}

fn is_harmless(tag: &str, way: Way) {
    let name = tag.trim_start_matches('<').split([' ', '>', '/']).next().unwrap_or_default();
    assert!(!TAGS.contains(&name), "{tag}");
    for name in attribute_names(tag) {
        assert!(!name.starts_with("on") && !ATTRIBUTES.contains(&name), "{tag}");
    }
    assert!(!VALUES.iter().any(|bad| tag.contains(bad)), "{tag}");
    assert!(way == Way::Outbound || !tag.contains(" src=\"http"), "{tag}");
}

/// The tags of cleaned HTML, in which `<` and `>` stand for nothing else but in quotes.
fn tags_of(html: &str) -> Vec<&str> {
    let mut tags = Vec::new();
    let (mut begin, mut quoted) = (None, false);
    for (at, c) in html.char_indices() {
        match c {
            '<' if begin.is_none() => begin = Some(at),
            '"' if begin.is_some() => quoted = !quoted,
            '>' if !quoted => tags.extend(begin.take().and_then(|begin| html.get(begin..=at))),
            _ => {}
        }
    }
    tags
}

/// The names of a tag's attributes, in cleaned HTML.
fn attribute_names(tag: &str) -> Vec<&str> {
    let outside = tag.split('"').step_by(2);
    let names = outside.filter_map(|part| part.trim_end_matches('=').rsplit(' ').next());
    names.filter(|name| !name.starts_with(['<', '>'])).collect()
}
