//! Is this YAML at all, or a template that something makes YAML of?

/// Whether a text has template actions (`{{ .Values.x }}`) where YAML would have something else: outside of quotes
/// and comments, and not as the text of a block. Workflow engines that fill in values themselves have theirs in
/// quotes, for their files must be YAML.
pub(super) fn is_one(text: &str) -> bool {
    let mut block: Option<usize> = None;
    for line in text.lines() {
        let content = line.trim_start();
        let indent = line.len() - content.len();
        if content.is_empty() || content.starts_with('#') {
            continue;
        }
        if block.is_some_and(|outer| indent > outer) {
            continue;
        }
        block = opens_block(content).then_some(indent);
        if has_action(content) {
            return true;
        }
    }
    false
}

/// `script: |`, `run: >-`
fn opens_block(content: &str) -> bool {
    let end = content.trim_end().trim_end_matches(['-', '+', '1', '2', '3', '4', '5', '6', '7', '8', '9']);
    let before = end.strip_suffix('|').or_else(|| end.strip_suffix('>'));
    before.is_some_and(|before| before.ends_with([' ', '\t']) || before.is_empty())
}

/// Two braces outside of quotes that begin a word.
fn has_action(content: &str) -> bool {
    let (mut quote, mut before) = (None, b' ');
    let bytes = content.as_bytes();
    for (at, byte) in bytes.iter().copied().enumerate() {
        match quote {
            Some(open) if byte == open && before != b'\\' => quote = None,
            Some(_) => {}
            None if byte == b'#' && before == b' ' => return false,
            None if matches!(byte, b'"' | b'\'') && !before.is_ascii_alphanumeric() => quote = Some(byte),
            None if byte == b'{' && bytes.get(at + 1) == Some(&b'{') && before != b'$' => return true,
            None => {}
        }
        before = byte;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::is_one;

    #[test]
    fn actions_outside_of_quotes_and_blocks_tell_a_template() {
        for text in [
            "{{- if .Values.on }}\nkind: Job\n{{- end }}\n",
            "name: {{ include \"x\" . }}\n",
            "name: a-{{ .Release.Name }}\n",
            "labels:\n  {{- toYaml . | nindent 2 }}\n",
        ] {
            assert!(is_one(text), "{text}");
        }
        for text in [
            "kind: Workflow\nargs: [\"{{inputs.parameters.x}}\"]\n",
            "a: '{{ x }}'\n",
            "# {{ x }}\na: 1 # {{ y }}\n",
            "script: |\n  echo {{ x }}\n\n  {{ y }}\nb: 1\n",
            "a: {b: {c: 1}}\n",
            "run: ${{ secrets.X }}\n",
        ] {
            assert!(!is_one(text), "{text}");
        }
    }
}
