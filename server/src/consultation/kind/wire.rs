//! The rules of kinds between the wire and the domain.

use schakel_domain::{
    access::Role,
    consultation::{
        KindRules, Place,
        kinds::{ParentRule, Priority, Record},
    },
    refusal::Refusal,
};
use schakel_proto::v1::{
    self as pb,
    consultation::{Kind as WireKind, Place as WirePlace},
    kind_rules as wire,
};

use crate::{
    access::rpc::role_to_wire,
    availability::kinds::{Change, Standing},
    wire::{
        enums::number,
        fields::{Fields, text},
        time::timestamp,
    },
};

/// What can change, as a mask names it.
const CHANGES: [&str; 11] = [
    "must_come",
    "may_come",
    "quorum",
    "min_minutes",
    "max_minutes",
    "default_minutes",
    "places",
    "notice_hours",
    "record",
    "priority",
    "capacity",
];

/// More sets, or more roles in one, than any table has use for.
const MOST: usize = 40;

/// What the mask names, as changes.
pub(super) fn changes(
    fields: &mut Fields,
    mask: Option<&prost_types::FieldMask>,
    given: &pb::KindRules,
) -> Vec<Change> {
    let paths = mask.map_or(&[][..], |mask| &mask.paths);
    if paths.is_empty() || paths.iter().any(|path| !CHANGES.contains(&path.as_str())) {
        fields.refuse("update_mask", Refusal::MaskInvalid);
    }
    let named = CHANGES.iter().filter(|field| paths.iter().any(|path| path == *field));
    named.filter_map(|field| change(fields, field, given)).collect()
}

fn change(fields: &mut Fields, field: &str, given: &pb::KindRules) -> Option<Change> {
    let path = format!("kind.{field}");
    Some(match field {
        "must_come" => {
            let sets = given.must_come.iter().take(MOST).enumerate();
            let sets: Vec<_> =
                sets.map(|(at, any)| roles(fields, &format!("{path}[{at}]"), &any.roles)).collect();
            let sets = sets.into_iter().collect::<Option<Vec<_>>>()?;
            Box::new(move |rules| rules.roles.clone_from(&sets))
        }
        "may_come" => {
            let roles = roles(fields, &path, &given.may_come)?;
            Box::new(move |rules| rules.may_come.clone_from(&roles))
        }
        "places" => {
            let places = each::<WirePlace, Place>(fields, &path, &given.places, WirePlace::as_str_name)?;
            Box::new(move |rules| rules.places.clone_from(&places))
        }
        "record" => {
            let record =
                each::<wire::Record, Record>(fields, &path, &given.record, wire::Record::as_str_name)?;
            Box::new(move |rules| rules.record.clone_from(&record))
        }
        "priority" => {
            let priority: Priority = fields.choice(path, given.priority, wire::Priority::as_str_name)?;
            Box::new(move |rules| rules.priority = priority)
        }
        "quorum" => counted(fields, path, given.quorum, |rules, count| rules.quorum = count)?,
        "min_minutes" => counted(fields, path, given.min_minutes, |rules, count| rules.min_minutes = count)?,
        "max_minutes" => counted(fields, path, given.max_minutes, |rules, count| rules.max_minutes = count)?,
        "default_minutes" => {
            counted(fields, path, given.default_minutes, |rules, count| rules.default_minutes = count)?
        }
        "notice_hours" => {
            counted(fields, path, given.notice_hours, |rules, count| rules.notice_hours = count)?
        }
        _ => counted(fields, path, given.capacity, |rules, count| rules.capacity = count)?,
    })
}

fn counted(
    fields: &mut Fields,
    path: String,
    given: i32,
    set: impl Fn(&mut KindRules, u16) + Send + Sync + 'static,
) -> Option<Change> {
    let Ok(count) = u16::try_from(given) else {
        fields.refuse(path, Refusal::FieldInvalid);
        return None;
    };
    Some(Box::new(move |rules| set(rules, count)))
}

fn roles(fields: &mut Fields, path: &str, given: &[i32]) -> Option<Vec<Role>> {
    each::<pb::Role, Role>(fields, path, given, pb::Role::as_str_name)
}

/// Every value once, in the order in which they were given.
fn each<W: TryFrom<i32>, T: std::str::FromStr + PartialEq>(
    fields: &mut Fields,
    path: &str,
    given: &[i32],
    name: impl Fn(&W) -> &'static str + Copy,
) -> Option<Vec<T>> {
    if given.len() > MOST {
        fields.refuse(path, Refusal::FieldInvalid);
        return None;
    }
    let mut all = Vec::with_capacity(given.len());
    for (at, number) in given.iter().enumerate() {
        let value = fields.choice(format!("{path}[{at}]"), *number, name)?;
        if !all.contains(&value) {
            all.push(value);
        }
    }
    Some(all)
}

/// On the wire.
pub(super) fn to_wire(standing: &Standing) -> pb::KindRules {
    let rules = &standing.rules;
    let listed = |all: &[Role]| all.iter().copied().map(role_to_wire).collect();
    let place = |place: &Place| number("PLACE", &place.to_string(), WirePlace::from_str_name);
    let recorded = |one: &Record| number("RECORD", &one.to_string(), wire::Record::from_str_name);
    pb::KindRules {
        kind: number("KIND", &standing.kind.to_string(), WireKind::from_str_name),
        must_come: rules.roles.iter().map(|any| wire::AnyOf { roles: listed(any) }).collect(),
        may_come: listed(&rules.may_come),
        about: number("ABOUT", &rules.about.to_string(), wire::About::from_str_name),
        parents_invited: rules.parents == ParentRule::Invited,
        quorum: rules.quorum.into(),
        min_minutes: rules.min_minutes.into(),
        max_minutes: rules.max_minutes.into(),
        default_minutes: rules.default_minutes.into(),
        places: rules.places.iter().map(place).collect(),
        notice_hours: rules.notice_hours.into(),
        record: rules.record.iter().map(recorded).collect(),
        priority: number("PRIORITY", &rules.priority.to_string(), wire::Priority::from_str_name),
        capacity: rules.capacity.into(),
        valid_from: text(standing.since.map(|(from, _)| from)),
        set_time: standing.since.map(|(_, set)| timestamp(set)),
        etag: standing.version.to_string(),
    }
}
