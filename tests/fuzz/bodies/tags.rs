//! The tags of cleaned HTML, for those who look at what is left.

/// The tags of cleaned HTML, in which `<` and `>` stand for nothing else but in quotes.
pub(crate) fn tags_of(html: &str) -> Vec<&str> {
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
pub(crate) fn attribute_names(tag: &str) -> Vec<&str> {
    let outside = tag.split('"').step_by(2);
    let names = outside.filter_map(|part| part.trim_end_matches('=').rsplit(' ').next());
    names.filter(|name| !name.starts_with(['<', '>'])).collect()
}
