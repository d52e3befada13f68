<?php echo '<P>Vista normas del puerto.</P>';
