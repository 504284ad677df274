"""The words of the report, in French and in English."""

from __future__ import annotations

# Key → (French, English). A plain space before « : ; ? ! % » is made unbreakable.
SENTENCES: dict[str, tuple[str, str]] = {
    "kicker": ("Tirage au sort", "Drawn by lot"),
    "page_title": ("{title} : rapport du tirage au sort", "{title}: report of the draw"),
    "lead_drawn": (
        "Le tirage a désigné {persons} parmi {volunteers} : c’est le panel n° {number}, sur {panels} préparés et figés d’avance.",
        "The draw picked {persons} out of {volunteers}: panel no. {number}, of {panels} prepared and frozen beforehand.",
    ),
    "lead_planned": (
        "Le tirage désignera {persons} parmi {volunteers}, en choisissant l’un des {panels} préparés et figés d’avance.",
        "The draw will pick {persons} out of {volunteers}, by choosing one of the {panels} prepared and frozen beforehand.",
    ),
    "replacement": (
        "Ce tirage pourvoit des places devenues vacantes dans un panel déjà tiré.",
        "This draw fills seats left vacant in a panel drawn before.",
    ),
    "facts": ("L’essentiel", "At a glance"),
    "fact_drawn": ("Panel tiré", "Panel drawn"),
    "fact_drawn_note": (
        "sur {panels}, numérotés de 0 à {last}",
        "of {panels}, numbered 0 to {last}",
    ),
    "fact_planned": ("Panels préparés", "Panels prepared"),
    "fact_planned_note": (
        "numérotés de 0 à {last} ; un seul sera tiré",
        "numbered 0 to {last}; one will be drawn",
    ),
    "numbered": ("n° {number}", "no. {number}"),
    "plot_source": (
        "Kleroterion · dossier d’empreinte {digest}…",
        "Kleroterion · file of digest {digest}…",
    ),
    "plot_composition": (
        "{title}. Part du total, en pour cent, et nombre de places, par critère.",
        "{title}. Share of the total, in per cent, and number of seats, by feature.",
    ),
    "plot_chances": (
        "{title}. Chance de chaque volontaire d’être tiré, de la plus petite à la plus grande.",
        "{title}. Chance of every volunteer of being drawn, from smallest to largest.",
    ),
    "plot_volunteers": (
        "{title}. Les publics les plus et les moins présents parmi les volontaires, et leur chance.",
        "{title}. The groups most and least present among volunteers, and their chance.",
    ),
    "fact_places": ("Places", "Seats"),
    "fact_places_note": ("pour {volunteers}", "for {volunteers}"),
    "fact_least": ("La plus petite chance", "The smallest chance"),
    "fact_least_note": ("garantie à chaque volontaire", "guaranteed to every volunteer"),
    "fact_least_note_some": (
        "garantie à chaque volontaire que les quotas admettent",
        "guaranteed to every volunteer the quotas admit",
    ),
    "fact_bound": ("Le plafond prouvé", "The proved ceiling"),
    "fact_bound_note": (
        "aucune méthode ne peut garantir davantage à tous avec ces quotas",
        "no method can guarantee everyone more under these quotas",
    ),
    "fact_gap": ("L’écart au plafond", "Short of the ceiling"),
    "gap_none": ("nul", "nothing"),
    "gap_tiny": ("moins d’une chance sur un million", "less than one chance in a million"),
    "fact_error": ("Le plus grand arrondi", "The largest rounding"),
    "fact_error_note": (
        "entre les panels où siège une personne et ceux que le calcul lui doit, sur {panels}",
        "between the panels a person sits in and those the calculation owes them, of {panels}",
    ),
    "fair_drawn": (
        "Chaque volontaire avait au moins {least} d’être tiré au sort. Aucune méthode respectant ces quotas ne pouvait garantir à tous plus de {bound} : la preuve est publiée avec le tirage, et les témoins peuvent la refaire.",
        "Every volunteer had at least {least} of being drawn. No method respecting these quotas could guarantee everyone more than {bound}: the proof is published with the draw, and the witnesses can redo it.",
    ),
    "fair_planned": (
        "Chaque volontaire a au moins {least} d’être tiré au sort. Aucune méthode respectant ces quotas ne peut garantir à tous plus de {bound} : la preuve est publiée avec le tirage, et les témoins peuvent la refaire.",
        "Every volunteer has at least {least} of being drawn. No method respecting these quotas can guarantee everyone more than {bound}: the proof is published with the draw, and the witnesses can redo it.",
    ),
    "shut_out": (
        "Exception : aucun panel qui respecte les quotas ne peut contenir {persons} du vivier. Le dossier figé avant le tirage le dit.",
        "Exception: no panel that meets the quotas can contain {persons} of the pool. The file frozen before the draw says so.",
    ),
    "lottery": ("{panels}, un seul numéro", "{panels}, a single number"),
    "lottery_text": (
        "Le hasard ne parle qu’une fois. Avant lui, {panels} ont été composés, tous conformes aux quotas, puis numérotés et figés. Chaque case est un panel ; toutes ont la même chance d’être désignées.",
        "Chance speaks only once. Before it does, {panels} are composed, every one of them within the quotas, then numbered and frozen. Each slot is one panel; all have the same chance of being picked.",
    ),
    "lottery_drawn": (
        "Le hasard a désigné la case n° {number}.",
        "Chance picked slot no. {number}.",
    ),
    "lottery_planned": ("Le hasard n’en désignera qu’une.", "Chance will pick just one."),
    "lottery_title": ("Les {panels}, une case par panel", "The {panels}, one slot per panel"),
    "randomness_drawn": ("D’où vient le hasard", "Where the chance came from"),
    "randomness_planned": ("D’où viendra le hasard", "Where the chance will come from"),
    "random_number": (
        "Un nombre tiré à la main, de 0 à {last}.",
        "A number drawn by hand, from 0 to {last}.",
    ),
    "random_sources": (
        "Des résultats publics, nommés d’avance : {names}.",
        "Public results, named in advance: {names}.",
    ),
    "random_drand": (
        "Le tour n° {round} de la balise publique drand, réseau {chain}, annoncé d’avance.",
        "Round no. {round} of the public drand beacon, {chain} network, announced in advance.",
    ),
    "random_text": ("Un texte convenu d’avance.", "A text agreed in advance."),
    "random_value": ("Relevé : {value}.", "Recorded: {value}."),
    "drawn_at": ("Tirage enregistré le {instant}.", "Draw recorded on {instant}."),
    "officers": ("Tenu par {names}.", "Held by {names}."),
    "composition": ("Le panel face aux quotas", "The panel against its quotas"),
    "composition_kept_drawn": (
        "Les {count} quotas sont tous respectés par le panel tiré.",
        "The panel drawn meets all {count} quotas.",
    ),
    "composition_kept_all": (
        "Les {count} quotas sont respectés par chacun des {panels}.",
        "Each of the {panels} meets all {count} quotas.",
    ),
    "composition_how": (
        "Échelle : part du total, en pour cent ; elle change d’un critère à l’autre. À droite, le nombre de places.",
        "Scale: share of the total, in per cent; it differs from one feature to the next. On the right, the number of seats.",
    ),
    "composition_table": (
        "Le tableau des quotas, des volontaires et du panel",
        "The table of quotas, volunteers and panel",
    ),
    "key": ("Légende", "Key"),
    "key_quota": ("quota, du minimum au maximum", "quota, from minimum to maximum"),
    "key_pool": ("volontaires", "volunteers"),
    "key_drawn": ("panel tiré", "panel drawn"),
    "key_reach": ("panels préparés, du moins au plus", "prepared panels, from least to most"),
    "key_population": ("population", "population"),
    "seats_heading": ("places", "seats"),
    "feature_title": (
        "{feature} : quotas, volontaires et panel",
        "{feature}: quotas, volunteers and panel",
    ),
    "feature_row": (
        "{category} : quota de {lower} à {upper}",
        "{category}: quota from {lower} to {upper}",
    ),
    "feature_row_pool": ("{share} des volontaires", "{share} of volunteers"),
    "feature_row_population": ("{share} de la population", "{share} of the population"),
    "feature_row_drawn": ("{seats} dans le panel", "{seats} in the panel"),
    "feature_row_reach": (
        "de {least} à {most} places selon les panels",
        "{least} to {most} seats over the panels",
    ),
    "volunteers": ("Qui s’est porté volontaire", "Who volunteered"),
    "volunteers_text": (
        "Accepter une invitation n’est pas neutre : certains publics se portent volontaires plus que d’autres.",
        "Accepting an invitation is not neutral: some people volunteer more readily than others.",
    ),
    "volunteers_both": (
        "Ici, {over} pèse {over_ratio}\u00a0fois plus parmi les volontaires que {reference} ; {under}, {under_ratio}\u00a0fois moins.",
        "Here, {over} weighs {over_ratio}\u00a0times as much among volunteers as {reference}; {under}, {under_ratio}\u00a0times less.",
    ),
    "volunteers_alike": (
        "Ici, aucun écart ne dépasse un dixième : les volontaires ressemblent à ce qui était visé.",
        "Here no difference exceeds one tenth: the volunteers resemble what was aimed at.",
    ),
    "volunteers_corrected": (
        "Le tirage corrige : les volontaires des publics qui manquent ont en moyenne plus de chances d’être tirés.",
        "The draw corrects this: volunteers from groups that are missing have, on average, a better chance.",
    ),
    "volunteers_limit": (
        "Il ne corrige que les critères retenus ; sur ce qu’aucun critère ne mesure, rien ne garantit l’équilibre.",
        "It corrects only the features chosen; nothing guarantees balance on what no feature measures.",
    ),
    "reference_population": ("dans la population", "in the population"),
    "reference_quota": ("dans les quotas", "in the quotas"),
    "presence_heading_population": (
        "Présence, rapportée à la population",
        "Presence, compared with the population",
    ),
    "presence_heading_quota": ("Présence, rapportée au quota", "Presence, compared with the quota"),
    "presence_title": (
        "Publics trop et trop peu présents parmi les volontaires",
        "Groups over- and under-represented among volunteers",
    ),
    "presence_row": (
        "{category} ({feature}) : {ratio}, chance moyenne {chance}",
        "{category} ({feature}): {ratio}, mean chance {chance}",
    ),
    "presence_table": ("Le tableau de toutes les modalités", "The table of all categories"),
    "chances": ("La chance de chacun", "Everyone’s chance"),
    "chances_text": (
        "Les {volunteers}, rangés de la plus petite à la plus grande chance. La surface sous la courbe vaut les {places} du panel : relever les uns abaisse les autres.",
        "The {volunteers}, sorted from the smallest chance to the largest. The area under the curve equals the {places} of the panel: raising some lowers others.",
    ),
    "chances_even": (
        "Sans quotas, chacun aurait {even}. Les quotas demandent à des publics peu nombreux parmi les volontaires de fournir plus que leur part : leur chance est plus grande, celle des autres plus petite.",
        "Without quotas everyone would have {even}. The quotas ask groups that are scarce among volunteers for more than their part: their chance is larger, that of the others smaller.",
    ),
    "chances_equal": ("Ici, tous ont la même chance.", "Here, all have the same chance."),
    "chances_title": (
        "Chance de chaque volontaire, de la plus petite à la plus grande",
        "Chance of every volunteer, from smallest to largest",
    ),
    "chances_desc": (
        "La plus petite chance est de {least}, la plus grande de {most}. Chance égale sans quotas : {even}.",
        "The smallest chance is {least}, the largest {most}. Equal chance without quotas: {even}.",
    ),
    "chances_table": (
        "Combien de volontaires ont chaque chance",
        "How many volunteers have each chance",
    ),
    "chances_unit": ("chances sur 100 d’être tiré", "chances in 100 of being drawn"),
    "chances_axis": (
        "volontaires, de la plus petite à la plus grande chance",
        "volunteers, from smallest to largest chance",
    ),
    "mark_least": ("plus petite chance : {chance}", "smallest chance: {chance}"),
    "mark_least_people": ("{volunteers} à ce niveau", "{volunteers} at this level"),
    "mark_even": ("chance égale, sans quotas : {chance}", "equal chance, without quotas: {chance}"),
    "even_short": ("sans quotas : {even}", "without quotas: {even}"),
    "mark_beyond": (
        "{volunteers} au-delà, jusqu’à {chance}",
        "{volunteers} beyond, up to {chance}",
    ),
    "whole": ("la courbe entière, jusqu’à {chance}", "the whole curve, up to {chance}"),
    "mark_most": ("plus grande : {chance}", "largest: {chance}"),
    "check": ("Vérifier soi-même", "Check it yourself"),
    "check_text": (
        "L’empreinte (SHA-256) résume tout ce qui a été figé avant que le hasard ne parle. Changer un seul octet en donnerait une autre.",
        "The digest (SHA-256) sums up all that was frozen before chance spoke. Changing a single byte would give another.",
    ),
    "check_tools": (
        "Sur votre ordinateur, avec Python et le seul fichier audit.py du logiciel Kleroterion :",
        "On your own computer, with Python and nothing but the file audit.py of the Kleroterion software:",
    ),
    "folder": ("DOSSIER", "FOLDER"),
    "receipt": ("VOTRE_RECU.json", "YOUR_RECEIPT.json"),
    "check_all": (
        "refait les comptes, les chances et le passage du hasard au panel ; avec le dossier des témoins, aussi chaque quota de chaque panel et la preuve d’équité.",
        "redoes the counts, the chances and the way from chance to panel; with the witnesses’ folder, also every quota of every panel and the proof of fairness.",
    ),
    "check_digest": (
        "compare avec l’empreinte publiée avant le tirage.",
        "compares with the digest published before the draw.",
    ),
    "check_receipt": (
        "pour un volontaire : retrouve sa propre ligne grâce à son reçu.",
        "for a volunteer: finds their own row with their receipt.",
    ),
    "notes": ("Comment lire ces chiffres", "How to read these figures"),
    "note_small": (
        "Les publics comptant moins de {smallest} volontaires ne sont pas chiffrés (« < {smallest} »). Les autres effectifs du même critère sont arrondis à la dizaine, pour que le nombre caché ne se retrouve pas par soustraction.",
        "Groups of fewer than {smallest} volunteers are not counted in public (“< {smallest}”). Other counts of the same feature are rounded to the nearest ten, so that the hidden number cannot be found by subtraction.",
    ),
    "note_pool": (
        "Le dossier lu ici ne contient pas les critères des volontaires, qui sont des données personnelles : seuls les quotas et les panels sont montrés.",
        "The file read here does not contain the volunteers’ features, which are personal data: only the quotas and the panels are shown.",
    ),
    "note_panel": (
        "La composition du panel tiré n’est pas dans le dossier lu ici : les graphiques montrent l’étendue sur tous les panels préparés.",
        "The composition of the panel drawn is not in the file read here: the charts show the reach over all prepared panels.",
    ),
    "note_rounding": (
        "La plus petite chance est arrondie vers le bas, le plafond vers le haut. Plus précisément, sur 1 : {least} et {bound}.",
        "The smallest chance is rounded down, the ceiling up. More precisely, out of 1: {least} and {bound}.",
    ),
    "note_population": ("Population : {source}.", "Population: {source}."),
    "note_target": (
        "Faute de chiffres de population, la présence est rapportée au milieu de chaque quota.",
        "For want of population figures, presence is compared with the middle of each quota.",
    ),
    "note_software": ("Calculs : {software}.", "Computed with {software}."),
    "head_category": ("Modalité", "Category"),
    "head_quota": ("Quota, en places", "Quota, in seats"),
    "head_population": ("Population", "Population"),
    "head_pool": ("Volontaires", "Volunteers"),
    "head_pool_share": ("Part des volontaires", "Share of volunteers"),
    "head_target_population": ("Part de la population", "Share of the population"),
    "head_target_quota": ("Part visée", "Share aimed at"),
    "head_panel": ("Panel tiré, en places", "Panel drawn, in seats"),
    "head_reach": ("Panels préparés, en places", "Prepared panels, in seats"),
    "head_panel_share": ("Part du panel", "Share of the panel"),
    "head_presence": ("Présence", "Presence"),
    "head_mean_chance": ("Chance moyenne, sur 100", "Mean chance, in 100"),
    "head_chance": ("Chance, sur 100", "Chance, in 100"),
    "range": ("{lower} à {upper}", "{lower} to {upper}"),
    "class": ("de {lower} à moins de {upper}", "{lower} to under {upper}"),
    "class_last": ("de {lower} à {upper}", "{lower} to {upper}"),
    "quoted": ("« {words} »", "“{words}”"),
    "and": (" et ", " and "),
}
# Noun → (French singular, plural, English singular, plural).
NOUNS = {
    "chance": ("chance", "chances", "chance", "chances"),
    "panel": ("panel", "panels", "panel", "panels"),
    "person": ("personne", "personnes", "person", "people"),
    "place": ("place", "places", "seat", "seats"),
    "volunteer": ("volontaire", "volontaires", "volunteer", "volunteers"),
}
# Features of the reference tables, which have English names in files.
FEATURES = {
    "age": ("Âge", "Age"),
    "area_size": ("Taille de l’aire d’attraction", "Size of the urban area"),
    "commune_type": ("Type de commune", "Type of commune"),
    "diploma": ("Diplôme", "Diploma"),
    "occupation": ("Catégorie socioprofessionnelle", "Occupation"),
    "region": ("Région", "Region"),
    "sex": ("Sexe", "Sex"),
}
MONTHS = (
    ("janvier", "January"), ("février", "February"), ("mars", "March"), ("avril", "April"),
    ("mai", "May"), ("juin", "June"), ("juillet", "July"), ("août", "August"),
    ("septembre", "September"), ("octobre", "October"), ("novembre", "November"),
    ("décembre", "December"),
)  # fmt: skip
