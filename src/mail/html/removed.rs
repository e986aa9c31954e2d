//! What cleaning took away, by name.

use std::collections::BTreeMap;

use super::REMOTE_SRC;
use super::scan::tags;

/// The most names that are told.
const MOST: usize = 16;

/// The most characters of a name.
const LONGEST: usize = 40;

/// Tags without which HTML says and shows the same.
const FRAME: [&str; 6] = ["html", "head", "body", "tbody", "meta", "o:p"];

/// Attributes that mean something only to a style sheet or a script, which are gone.
const MARKS: [&str; 2] = ["class", "id"];

/// The names of the tags, attributes and style properties of which there are fewer now, in order and each once, sixteen at most.
pub(crate) fn removed(before: &str, after: &str) -> Vec<String> {
    let left = names(after);
    let fewer = |(name, count): (String, usize)| (left.get(&name).copied().unwrap_or(0) < count).then_some(name);
    names(before).into_iter().filter_map(fewer).take(MOST).collect()
}

fn names(html: &str) -> BTreeMap<String, usize> {
    let mut names = BTreeMap::new();
    let mut count = |name: String| *names.entry(name).or_insert(0) += 1;
    for tag in tags(html) {
        let name = told(tag.name);
        if FRAME.contains(&name.as_str()) {
            continue;
        }
        for attribute in tag.attributes.iter().filter(|attribute| !MARKS.iter().any(|mark| attribute.is(mark))) {
            if attribute.is("style") {
                let value = attribute.value();
                let properties = value.split(';').filter_map(|declaration| Some(declaration.split_once(':')?.0));
                properties.for_each(|property| count(format!("style {}", told(property.trim()))));
            } else if attribute.is(REMOTE_SRC) {
                count("src".to_owned());
            } else {
                count(told(attribute.name));
            }
        }
        count(format!("<{name}>"));
    }
    names
}

fn told(name: &str) -> String {
    name.chars().take(LONGEST).map(|c| c.to_ascii_lowercase()).collect()
}
