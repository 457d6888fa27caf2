"""Why a file is refused: an import, an attachment, a backup, the figures of another school."""

from __future__ import annotations

from qualitycycle import errors
from qualitycycle.i18n import N_

# What of a table has to be known before any row of it can be read.
NEEDED = {
    "value": N_("score or level"),
    "pupil": N_("pupil number or number of pupils"),
    "subject": N_("subject or test"),
    "school_year": N_("school year or date of the test"),
    "year_group": N_("year group, group or moment"),
}

REASONS: dict[tuple[type[errors.QualityCycleError], str], str] = {
    (errors.NetworkFileRefused, "too_large"): N_(
        "The file {file} is too large to be a file for the network. Nothing was kept."
    ),
    (errors.NetworkFileRefused, "other_file"): N_(
        "The file {file} is no file for the network. Choose the one that another school made on its page IB network."
    ),
    (errors.NetworkFileRefused, "newer"): N_(
        "The file {file} was made by a newer version of qualitycycle. Install the newest version and choose it again."
    ),
    (errors.NetworkFileRefused, "damaged"): N_(
        "The file {file} is damaged or was changed on its way. Ask the other school to send it again."
    ),
    (errors.NetworkFileRefused, "shape"): N_(
        "The file {file} says something that a file for the network cannot say ({detail}). Nothing was kept."
    ),
    (errors.NetworkFileRefused, "own_file"): N_(
        "The file {file} is your own. It stands beside the others already."
    ),
    (errors.NetworkFileRefused, "there_already"): N_(
        "The file {file} is here already. Nothing needs to be done."
    ),
    (errors.NetworkFileRefused, "older"): N_(
        "A newer version of the file {file} is here already. Nothing was changed."
    ),
    (errors.NetworkFileRefused, "other_school"): N_(
        "A file with this name and half-year, and other figures, is here already. Do two schools have one name? Ask "
        "the other one for another name, or remove the file that is here first."
    ),
    (errors.NetworkFileRefused, "too_many"): N_(
        "{detail} schools stand beside each other, which is the most. Remove one first."
    ),
    (errors.AttachmentRefused, "empty_file"): N_("The file {file} is empty. Choose another one."),
    (errors.AttachmentRefused, "too_large"): N_(
        "The file {file} is larger than {detail} MB. Make it smaller, or say in the source where it lies."
    ),
    (errors.AttachmentRefused, "too_many_pixels"): N_(
        "The picture {file} is too large to be opened safely. Make it smaller and choose it again."
    ),
    (errors.AttachmentRefused, "unknown_kind"): N_(
        "The file {file} is of a kind that is not kept here. Choose a PDF, a picture (JPG, PNG, WebP), a document of "
        "Word, Excel, PowerPoint or LibreOffice, or plain text."
    ),
    (errors.AttachmentRefused, "has_macros"): N_(
        "The file {file} holds macros, which can do something when it is opened. Save it without them or as PDF."
    ),
    (errors.AttachmentRefused, "damaged"): N_(
        "The file {file} is broken off or damaged. Open it yourself first, save it again and choose it once more."
    ),
    (errors.AttachmentRefused, "there_already"): N_("The very file {file} is with this evidence already."),
    (errors.AttachmentRefused, "too_many"): N_(
        "There are {detail} files with this evidence. Put the rest together, or say in the source where they lie."
    ),
    (errors.ImportRejected, "already_read"): N_(
        "The very same file {file} was read in before ({detail}). Take that import back first to read it in anew."
    ),
    (errors.ImportRejected, "nothing_corrected"): N_(
        "In {file} nothing was filled in that can be used. Fill in the column “Corrected” and choose the file again."
    ),
    (errors.ImportRejected, "no_row_waits"): N_(
        "None of the rows in {file} waits any more: they have been dealt with, or their import was taken back."
    ),
    (errors.ImportRejected, "empty_file"): N_("The file {file} is empty. Export it again and try once more."),
    (errors.ImportRejected, "too_large"): N_(
        "The file {file} is too large. Split it, such as per school year."
    ),
    (errors.ImportRejected, "too_many_rows"): N_(
        "There are {detail} rows in {file}, more than are read at once. Make several files of it, such as one per "
        "school year: filter the export in your own system, or the table in a spreadsheet, and save each part."
    ),
    (errors.ImportRejected, "not_text"): N_(
        "The file {file} is no table: it may be a PDF, a picture or a program. Export the results as Excel (xlsx), ODS "
        "or CSV and choose that file."
    ),
    (errors.ImportRejected, "unknown_encoding"): N_(
        "The letters in {file} cannot be read. Save it as CSV UTF-8 or as Excel (xlsx) and choose it again."
    ),
    (errors.ImportRejected, "html_page"): N_(
        "Inside, {file} is a web page, whatever its name says. Open it in Excel, save it as a workbook (xlsx) and "
        "choose that one."
    ),
    (errors.ImportRejected, "xml_file"): N_(
        "The file {file} is XML, which cannot be read here yet. Export it as CSV or Excel."
    ),
    (errors.ImportRejected, "broken_xml"): N_(
        "The XML in {file} is broken off or damaged. Export it again and choose the new file."
    ),
    (errors.ImportRejected, "xml_doctype"): N_(
        "The file {file} describes its own building blocks, which a school export never does. "
        "For safety it is not read. Export it again from your own system."
    ),
    (errors.ImportRejected, "xml_too_complex"): N_(
        "The file {file} is too deep or has too many parts. Export less at a time, such as one school year."
    ),
    (errors.ImportRejected, "unknown_xml"): N_(
        "The file {file} is XML of a kind or version that is not read here. "
        "OSO 2019.1 and EDEXML are; of anything else, export the results as CSV or Excel."
    ),
    (errors.ImportRejected, "no_results"): N_(
        "There are no test results in {file}. In an OSO dossier the school chooses whether they go along."
    ),
    (errors.ImportRejected, "no_groups"): N_(
        "No groups or year groups that we know were found in {file}, and no results either."
    ),
    (errors.ImportRejected, "roster_year"): N_(
        "In {file} it does not say of which school year its groups are. Read it in under “Read in results” in the "
        "program: there you choose the year."
    ),
    (errors.ImportRejected, "unknown_version"): N_(
        "The file {file} is of version {detail}, which is not read here. Export OneRoster 1.1 or 1.2, or CSV."
    ),
    (errors.ImportRejected, "one_of_oneroster"): N_(
        "The file {file} is one part of a OneRoster export. Choose all files of that export together, or the zip in "
        "which they came."
    ),
    (errors.ImportRejected, "answers"): N_(
        "In {file} are answers to a questionnaire, and no results of pupils. Nothing of it was kept. Read it in under "
        "“Questionnaire rounds”, with “Read in a form that was filled in elsewhere”."
    ),
    (errors.ImportRejected, "unknown_folder"): N_(
        "The folder {file} is no OneRoster export. Choose the table inside it."
    ),
    (errors.ImportRejected, "unknown_open_data"): N_(
        "In {file} nothing was found of the open data that is read here: results of the Inspectie, "
        "reference levels and exams of DUO, school weightings."
    ),
    (errors.ImportRejected, "year_unknown"): N_(
        "It does not say in {file} which school year it is about, or which school. Give it the name under which DUO "
        "published it, with the school year in it, and choose it again."
    ),
    (errors.ImportRejected, "figure_unreadable"): N_(
        "A figure of your school in {file} cannot be right (line {detail}), so nothing of it is read. "
        "Download the file again."
    ),
    (errors.ImportRejected, "damaged_parquet"): N_(
        "The file {file} is broken off or damaged. Download it again and choose the new file."
    ),
    (errors.ImportRejected, "not_a_table"): N_(
        "No table was found in {file}. It needs a row with column names and rows below it."
    ),
    (errors.ImportRejected, "no_header"): N_(
        "The file {file} has no row with column names. Add one above the figures and choose it again."
    ),
    (errors.ImportRejected, "only_header"): N_(
        "In {file} there is a row with column names and no row below it. Choose in your own system which pupils and "
        "tests go along, and export it again."
    ),
    (errors.ImportRejected, "open_quote"): N_(
        "A quotation mark in {file} is never closed. Save it as Excel (xlsx) and choose it again."
    ),
    (errors.ImportRejected, "too_many_columns"): N_(
        "The file {file} has too many columns. Keep the ones with results."
    ),
    (errors.ImportRejected, "encrypted_workbook"): N_(
        "The file {file} has a password. Save or pack it without one and choose it again."
    ),
    (errors.ImportRejected, "damaged_workbook"): N_(
        "The file {file} is damaged and cannot be opened. Open a workbook in Excel and save it again, or export the "
        "file anew, and choose it once more."
    ),
    (errors.ImportRejected, "workbook_too_large"): N_(
        "Unpacked, {file} is too large to be read safely. Keep only the sheet with results, or make a smaller export."
    ),
    (errors.ImportRejected, "unknown_archive"): N_(
        "The file {file} is packed. Unpack it and choose the table inside."
    ),
    (errors.ImportRejected, "by_itself"): N_(
        "The file {file} is of another kind than the other tables in this zip. Take it out of the zip and choose it by "
        "itself."
    ),
    (errors.ImportRejected, "pupil_column_bsn"): N_(
        "The column chosen for the pupil number holds BSNs, which are not kept here. "
        "Choose the school's own pupil number."
    ),
    (errors.ImportRejected, "pupil_column_personal"): N_(
        "The column chosen for the pupil number holds names or other personal data. "
        "Choose the school's own pupil number."
    ),
    (errors.ImportRejected, "column_missing"): N_(
        "The column “{detail}” is not in {file}. Choose another one."
    ),
    (errors.ImportRejected, "incomplete_mapping"): N_(
        "Something is still needed: {detail}. Choose its column, or one value for all rows."
    ),
    (errors.ImportRejected, "too_many_different"): N_(
        "The column “{detail}” in {file} has far more different values than results of one school can have. Choose "
        "another column for it, or make a smaller export, such as one per school year."
    ),
    (errors.TooManyRefused, "all_anywhere"): N_(
        "All {n} refused rows of {file} are refused for the same reason: {cause} That is too many to correct by hand, "
        "so nothing of this file is read in. Check which column is what, or export the file again."
    ),
    (errors.TooManyRefused, "all_in_a_column"): N_(
        "All {n} refused rows of {file} are refused for the column “{column}”: {cause} That is too many to correct by "
        "hand, so nothing of this file is read in. This is probably the wrong column: choose another one, or export "
        "the file again."
    ),
    (errors.TooManyRefused, "in_a_column"): N_(
        "{n} rows of {file} cannot be read, {n_cause} of them because of the column “{column}”: {cause} That is too "
        "many to correct by hand, so nothing of this file is read in. This is probably the wrong column: choose "
        "another one, or export the file again."
    ),
    (errors.ImportRejected, "not_inspectie"): N_("The file {file} is not the Inspectie's table of results."),
    (errors.ImportRejected, "which_school"): N_(
        "More than one location fits, or no BRIN code is known. Choose one location; in a terminal with --brin."
    ),
    (errors.ImportRejected, "unknown_school"): N_("This school is not in {file}. Check its BRIN code."),
    (errors.ImportRejected, "unknown_sheet"): N_(
        "There is no such sheet with a table in {file}. There are: {detail}."
    ),
    (errors.ImportRejected, "unknown_in_zip"): N_(
        "There is no such file with a table in {file}. There are: {detail}."
    ),
    (errors.ImportRejected, "missing_file"): N_("There is no file {file}. Check its name."),
    (errors.ImportRejected, "other_kind"): N_(
        "The file {file} is of the kind {detail}, and you asked for another. Choose another file, or leave --kind out."
    ),
    (errors.ImportRejected, "unknown_profile"): N_(
        "No columns are remembered as “{detail}”. Under “Read in results” in the program you see which are."
    ),
    (errors.BackupInvalid, "missing"): N_(
        "There is no backup at {path}. Check the name; nothing was changed."
    ),
    (errors.BackupInvalid, "in_use"): N_("The file {path} is in use. Close the program that uses it first."),
    (errors.BackupInvalid, "unreadable"): N_(
        "The file {path} is no readable backup. Choose another; nothing was changed."
    ),
    (errors.BackupInvalid, "not_ours"): N_(
        "The file {path} is a database, but not one of qualitycycle. Nothing was changed."
    ),
    (errors.BackupInvalid, "too_new"): N_(
        "The backup {path} was made by a newer version of qualitycycle. Install the newest version first."
    ),
    (errors.BackupInvalid, "row_counts"): N_(
        "The backup {path} did not hold every row when it was read back. Do not rely on it; make another."
    ),
}
