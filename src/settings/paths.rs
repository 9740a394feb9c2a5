//! Paths as a person writes them, and as the stages want them.

use std::path::{Component, Path};

use crate::model::settings::ServiceSettings;

/// `./services/profile/` as `services/profile`; `.` as `""`.
pub(super) fn tidy(path: &str) -> String {
    let path = path.replace('\\', "/");
    let absolute = if path.starts_with('/') { "/" } else { "" };
    let parts: Vec<&str> = path.split('/').filter(|part| !matches!(*part, "" | ".")).collect();
    format!("{absolute}{}", parts.join("/"))
}

/// Makes the paths of services, which a file gives relative to its own folder, relative to `root`.
pub(super) fn rebase(services: &mut [ServiceSettings], folder: &Path, root: &Path) {
    let (Ok(folder), Ok(root)) = (folder.canonicalize(), root.canonicalize()) else { return };
    if folder == root {
        return;
    }
    let prefix = relative(&folder, &root);
    for service in services.iter_mut().filter(|service| !Path::new(&service.path).has_root()) {
        service.path = tidy(&format!("{prefix}/{}", service.path));
    }
}

/// A file's path from `root` on, as reports show paths.
pub(super) fn relative_to(file: &Path, root: &Path) -> String {
    let (Ok(absolute), Ok(root)) = (file.canonicalize(), root.canonicalize()) else {
        return slashed(file.components());
    };
    tidy(&relative(&absolute, &root))
}

/// The way from `root` to `folder`; the absolute path if there is none (another drive).
fn relative(folder: &Path, root: &Path) -> String {
    let common = folder.components().zip(root.components()).take_while(|(a, b)| a == b).count();
    if common == 0 {
        return slashed(folder.components());
    }
    let up = root.components().skip(common).map(|_| "..".to_owned());
    let down = folder.components().skip(common).map(|part| part.as_os_str().to_string_lossy().into_owned());
    up.chain(down).collect::<Vec<_>>().join("/")
}

fn slashed<'a>(parts: impl Iterator<Item = Component<'a>>) -> String {
    parts.map(|part| part.as_os_str().to_string_lossy().replace('\\', "/")).collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_tidied_without_changing_what_it_names() {
        assert_eq!(tidy("./services/profile/"), "services/profile");
        assert_eq!(tidy("."), "");
        assert_eq!(tidy("../profile"), "../profile");
        assert_eq!(tidy("/srv//profile"), "/srv/profile");
        assert_eq!(tidy(r"services\profile"), "services/profile");
    }

    #[test]
    fn the_way_from_a_root_goes_up_and_down() {
        assert_eq!(relative(Path::new("/a/b"), Path::new("/a/b/c/d")), "../..");
        assert_eq!(relative(Path::new("/a/x"), Path::new("/a/b")), "../x");
        assert_eq!(relative(Path::new("/a/b/conf"), Path::new("/a/b")), "conf");
    }
}
