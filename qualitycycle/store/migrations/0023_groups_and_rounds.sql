-- A teacher's own way through the five phases with a group, in the same table: `group_name` is what her question is
-- about, `colleague_id` or `team_id` with whom she shares it. Without a group it is a learning question of a colleague
-- or a team, guided by its owner.
ALTER TABLE guidance_trajectory ADD COLUMN group_name VARCHAR;

-- Which round of its year it is, when the calendar was laid out in one go: then the screen says its title in the
-- language of who looks. Without it the title is as somebody wrote it.
ALTER TABLE group_review ADD COLUMN place INTEGER;
