-- name: appointment
-- The next number of an appointment.
SELECT nextval('engagement_appointment_number') AS drawn;

-- name: problem
-- The next number of a problem report.
SELECT nextval('engagement_problem_number') AS drawn;
