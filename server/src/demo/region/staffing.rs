//! Fills the posts of schools, boards, gemeenten and the samenwerkingsverband.

use schakel_domain::access::Role;

use super::{
    Size,
    clusters::Cluster,
    geography::Gemeente,
    names,
    people::{Post, SAMENWERKINGSVERBAND, Staff},
    schools::{Board, School},
};

/// Schools by board, so that those who serve two schools serve one board.
fn by_board(schools: &[School], without: Option<usize>) -> Vec<&School> {
    let mut order: Vec<&School> =
        schools.iter().enumerate().filter(|(i, _)| Some(*i) != without).map(|(_, school)| school).collect();
    order.sort_by(|a, b| a.board.cmp(&b.board));
    order
}

/// An IB'er for every school; some serve two, but never the school of the story.
pub(super) fn ibers(staff: &mut Staff, size: Size, schools: &[School], story: usize) {
    let order = by_board(schools, Some(story));
    let mut doubles = size.staffing().double_ibers;
    let mut second: Option<(String, &School)> = None;
    for (n, school) in order.iter().enumerate() {
        let post = Post { role: Role::Iber, organisation: &school.code, domain: &school.domain };
        match second.take() {
            Some((code, first)) if first.board == school.board => {
                staff.add(&code, &post);
                doubles -= 1;
            }
            Some(_) | None => {
                let code = staff.hire(&post);
                second = (n % 4 == 0 && doubles > 0).then_some((code, *school));
            }
        }
    }
    let school = &schools[story];
    staff.hire(&Post { role: Role::Iber, organisation: &school.code, domain: &school.domain });
}

/// A head for every one or two schools, and a governor for every board.
pub(super) fn heads(staff: &mut Staff, schools: &[School], boards: &[Board]) {
    let mut second: Option<(String, &School)> = None;
    for (n, school) in by_board(schools, None).iter().enumerate() {
        let post = Post { role: Role::Directeur, organisation: &school.code, domain: &school.domain };
        match second.take() {
            Some((code, first)) if first.board == school.board => staff.add(&code, &post),
            Some(_) | None => {
                let code = staff.hire(&post);
                second = (n % 3 == 0).then_some((code, *school));
            }
        }
    }
    for board in boards {
        let domain = format!("bestuur{}.example", board.number);
        staff.hire(&Post { role: Role::Directeur, organisation: &board.number, domain: &domain });
    }
}

/// Leerplicht, policy and, in the first gemeente, the Doorstroompunt.
pub(super) fn gemeenten(staff: &mut Staff, size: Size, gemeenten: &[Gemeente]) {
    for (n, (gemeente, plan)) in gemeenten.iter().zip(size.gemeenten()).enumerate() {
        let domain = format!("gemeente{}.example", names::slug(&gemeente.name));
        let mut roles = vec![Role::Leerplichtambtenaar; plan.leerplichtambtenaren];
        roles.push(Role::Beleidsmedewerker);
        if n == 0 {
            roles.push(Role::Doorstroomcoach);
        }
        for role in roles {
            staff.hire(&Post { role, organisation: &gemeente.code, domain: &domain });
        }
    }
}

/// The samenwerkingsverband; every cluster but one gets a trajectbegeleider, one gets two.
pub(super) fn samenwerkingsverband(staff: &mut Staff, size: Size, clusters: &mut [Cluster]) {
    let counts = size.staffing();
    let mut hire =
        |role| staff.hire(&Post { role, organisation: SAMENWERKINGSVERBAND, domain: "swvmaasduin.example" });
    for role in
        [Role::Beheerder, Role::Fg, Role::Thuiszitterscoordinator, Role::Directeur, Role::Doorzettingsmacht]
    {
        hire(role);
    }
    for (role, count) in [
        (Role::Bocer, counts.bocers),
        (Role::Gedragswetenschapper, counts.gedragswetenschappers),
        (Role::TlvCommissie, counts.tlv_commissie),
    ] {
        (0..count).for_each(|_| drop(hire(role)));
    }
    for n in 0..counts.trajectbegeleiders {
        let vacancy = size == Size::Full && n == clusters.len() - 1;
        clusters[if vacancy { 0 } else { n }].trajectbegeleiders.push(hire(Role::Trajectbegeleider));
    }
}
