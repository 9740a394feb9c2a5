//! Single-file components: the scripts of `.vue` and `.svelte` files.
//!
//! Everything but the scripts is blanked out, so that every offset stays where it was. A component may have two
//! of them (`<script setup>` beside `<script>`, `<script module>` in Svelte), which share their names. What the
//! markup shows is not read.
//!
//! Facts: the specification of Vue's single-file components, and Svelte's documentation of `.svelte` files.

use oxc_span::SourceType;

/// The scripts of a component in place, and their language; nothing for other files.
pub(super) fn scripts(name: &str, text: &str) -> Option<(String, SourceType)> {
    let (_, extension) = name.rsplit_once('.')?;
    if !matches!(extension, "vue" | "svelte") {
        return None;
    }
    let mut kept: Vec<u8> = text.bytes().map(|byte| if matches!(byte, b'\n' | b'\r') { byte } else { b' ' }).collect();
    let mut language = SourceType::unambiguous().with_jsx(true);
    let mut at = 0;
    while let Some(script) = next_script(text, at) {
        at = script.end;
        if !script.is_code {
            continue;
        }
        if let (Some(place), Some(code)) =
            (kept.get_mut(script.start..script.end), text.as_bytes().get(script.start..script.end))
        {
            place.copy_from_slice(code);
        }
        match script.language {
            "ts" | "typescript" => language = SourceType::ts(),
            "tsx" => language = SourceType::tsx(),
            _ => {}
        }
    }
    Some((String::from_utf8(kept).ok()?, language))
}

/// A script and where its code stands.
struct Script<'t> {
    start: usize,
    end: usize,
    language: &'t str,
    /// It holds code, no data.
    is_code: bool,
}

/// The next script from a place on, outside of comments.
fn next_script(text: &str, from: usize) -> Option<Script<'_>> {
    let mut from = from;
    loop {
        let rest = text.get(from..)?;
        let tag = rest.find("<script")?;
        if let Some(comment) = rest.find("<!--").filter(|comment| *comment < tag) {
            from += comment + rest.get(comment..)?.find("-->")?;
            continue;
        }
        let head = rest.get(tag + "<script".len()..)?;
        // `<scripted>` is something else.
        if !head.starts_with(|letter: char| letter.is_whitespace() || letter == '>') {
            from += tag + 1;
            continue;
        }
        let close = head_end(head)?;
        let attributes = head.get(..close)?;
        let start = from + tag + "<script".len() + close + 1;
        let end = start + text.get(start..)?.find("</script")?;
        let kind = attribute(attributes, "type").unwrap_or("module");
        let is_code = kind == "module" || kind.ends_with("javascript") || kind.ends_with("typescript");
        return Some(Script { start, end, language: attribute(attributes, "lang").unwrap_or_default(), is_code });
    }
}

/// Where the head of a tag ends: a `>` that stands in no value (`generic="T extends Map<string, U>"`).
fn head_end(head: &str) -> Option<usize> {
    let mut open = None;
    head.char_indices().find_map(|(at, letter)| {
        match (open, letter) {
            (None, '"' | '\'') => open = Some(letter),
            (Some(quote), _) if quote == letter => open = None,
            (None, '>') => return Some(at),
            _ => {}
        }
        None
    })
}

/// The value of an attribute in quotes.
fn attribute<'t>(attributes: &'t str, name: &str) -> Option<&'t str> {
    let value = attributes.split_once(&format!(" {name}="))?.1;
    let quote = value.chars().next().filter(|letter| matches!(letter, '"' | '\''))?;
    value.get(1..)?.split(quote).next()
}

#[cfg(test)]
mod tests {
    use super::*;

    const COMPONENT: &str = "<template>\n  <b>{{ user.näme }}</b>\n</template>\n<!-- <script>no</script> -->\n\
        <script lang=\"ts\">\nexport const a = 1\n</script>\n<script setup lang='ts' generic=\"T extends Map<A, B>\">\n\
        const b = a\n</script>\n<script type=\"application/ld+json\">{}</script>\n<style>b { }</style>\n";

    #[test]
    fn scripts_stay_where_they_are() {
        let (code, language) = scripts("User.vue", COMPONENT).unwrap();
        assert_eq!(code.len(), COMPONENT.len());
        assert_eq!(code.find("export const a"), COMPONENT.find("export const a"));
        assert_eq!(code.split_whitespace().collect::<Vec<_>>().join(" "), "export const a = 1 const b = a");
        assert_eq!(code.lines().count(), COMPONENT.lines().count());
        assert!(language.is_typescript());
    }

    #[test]
    fn other_files_are_no_components() {
        assert!(scripts("a.ts", COMPONENT).is_none());
        let (code, language) = scripts("A.svelte", "<script>\nlet a;\n</script>\n<h1>{a}</h1>").unwrap();
        assert_eq!((code.trim(), language.is_typescript()), ("let a;", false));
        assert_eq!(scripts("B.svelte", "<h1>no script</h1>").unwrap().0.trim(), "");
    }
}
