//! Units of systemd.
//!
//! `Restart=` starts a service again until it was started `StartLimitBurst=` times (5) within
//! `StartLimitIntervalSec=` (10 s); zero in either switches the limit off. A service that waits longer between
//! two starts (`RestartSec=`) never gets there. Only then has a unit failed, and only then does `OnFailure=`
//! start anything. Source: systemd.unit(5), systemd.service(5).

use crate::model::deployment::{Platform, Restarts, Software, Workload};
use crate::model::source::{FileId, Span};

const BURST: f64 = 5.0;
const INTERVAL_SECONDS: f64 = 10.0;

/// A setting, and where its line starts and ends.
struct Setting<'t> {
    key: &'t str,
    value: &'t str,
    start: usize,
    end: usize,
}

/// The service of a unit file, if it is started again at all.
pub(super) fn workload(text: &str, path: &str, file: FileId) -> Option<Workload> {
    let settings = settings(text);
    // The last one counts; an empty value takes back what was said.
    let of = |keys: &[&str]| {
        settings.iter().rfind(|setting| keys.contains(&setting.key)).filter(|setting| !setting.value.is_empty())
    };
    let restart = of(&["Restart"])?;
    if !["always", "on-failure", "on-abnormal", "on-abort", "on-watchdog"].contains(&restart.value) {
        return None;
    }
    let interval = of(&["StartLimitIntervalSec", "StartLimitInterval"]);
    let burst = of(&["StartLimitBurst"]);
    let off = [interval, burst].into_iter().flatten().find(|setting| seconds(setting.value) == Some(0.0));
    let limit = |setting: Option<&Setting<'_>>, default: f64| setting.map_or(Some(default), |it| seconds(it.value));
    let wait =
        of(&["RestartSec"]).and_then(|setting| seconds(setting.value)).filter(|wait| wait.is_finite()).unwrap_or(0.0);
    let restarts = match (limit(interval, INTERVAL_SECONDS), limit(burst, BURST)) {
        _ if off.is_some() => Restarts::Never,
        (Some(interval), Some(burst)) if wait * burst >= interval && restart.value != "on-abort" =>
        {
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "seconds of a wait")]
            Restarts::Unreachable(wait as u32)
        }
        (Some(_), Some(_)) => Restarts::Bounded,
        _ => Restarts::Unknown,
    };
    let shown = off.unwrap_or(restart);
    let at = |at: usize| u32::try_from(at).unwrap_or_default();
    let name = path.rsplit('/').next().unwrap_or(path);
    Some(Workload {
        platform: Platform::Systemd,
        name: name.strip_suffix(".service").unwrap_or(name).to_owned(),
        place: Span::new(file, at(shown.start), at(shown.end)),
        restarts,
        watched: false,
        role: Software::Own,
    })
}

fn settings(text: &str) -> Vec<Setting<'_>> {
    let mut settings = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let content = line.trim_end();
        if !content.starts_with(['#', ';', '['])
            && let Some((key, value)) = content.split_once('=')
        {
            settings.push(Setting { key: key.trim(), value: value.trim(), start, end: start + content.len() });
        }
        start += line.len();
    }
    settings
}

/// `5`, `5s`, `1min`, `500ms`; none for what is not understood, `infinity` among it.
fn seconds(text: &str) -> Option<f64> {
    let units = [("ms", 0.001), ("min", 60.0), ("sec", 1.0), ("s", 1.0), ("m", 60.0), ("h", 3600.0)];
    let (number, factor) =
        units.iter().find_map(|(unit, factor)| Some((text.strip_suffix(unit)?, *factor))).unwrap_or((text, 1.0));
    number.trim().parse::<f64>().ok().map(|number| number * factor)
}
