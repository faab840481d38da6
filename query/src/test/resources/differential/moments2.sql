-- Functions of moments
SELECT d IS NULL FROM moments ORDER BY id;
